import { type CoverageGap, coverageGaps } from '../db/roster-coverage.ts';
import type { Db } from '../db/sql.ts';
import { DAY_MS } from '../domain/time.ts';

export type { CoverageGap } from '../db/roster-coverage.ts';

const CODES_SHOWN = 10;
/** How far ahead leave and rota are looked at: time enough to find somebody. */
export const DAYS_AHEAD = 7;

/** Which homes lack a meter, or somebody who would be told. None of it stops the watch; each is a job for staff. */
export function auditCoverage(db: Db, at: Date): Promise<CoverageGap[]> {
  const until = new Date(at.getTime() + DAYS_AHEAD * DAY_MS);
  return coverageGaps(db, { at, until, codesPerGap: CODES_SHOWN });
}

const LACKING: Readonly<Record<CoverageGap['gap'], string>> = {
  no_meter: 'no meter',
  no_guardian: 'no guardian who can be texted',
  no_contact: 'no community contact who can be texted',
  no_desk: 'no duty desk above it that can be texted',
  all_away: `all of their own people on leave at once in the next ${DAYS_AHEAD} days, and no substitute`,
  hours: 'hours of the day at which nobody of their own can be asked',
};

/** A gap as a line of text: `2 households with no meter: H-001, H-002`. */
export function describeGap({ gap, homes, codes }: CoverageGap): string {
  const households = homes === 1 ? '1 household' : `${homes} households`;
  const more = homes > codes.length ? `, and ${homes - codes.length} more` : '';
  return `${households} with ${LACKING[gap]}: ${codes.join(', ')}${more}`;
}
