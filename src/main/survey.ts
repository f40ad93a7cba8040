import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { DbPool } from '../db/sql.ts';
import { noteUpkeep, upkeepRuns } from '../db/upkeep-runs.ts';
import { listDriftsOfWeek } from '../detectors/list-drifts.ts';
import { surveyMeters } from '../detectors/survey-meters.ts';
import { localDateOf } from '../domain/local-day.ts';
import { DAY_MS, HOUR_MS } from '../domain/time.ts';

export interface SurveyDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A survey that came a little late one day is not put off a whole day for it. */
const SURVEY_EVERY_MS = DAY_MS - 2 * HOUR_MS;

/** What is looked at once a day, and once a week: meters that are off, and homes whose habits change. Woken every hour. */
export async function survey(deps: SurveyDeps): Promise<void> {
  const { pool, clock, log } = deps;
  const at = clock.now();
  const last = new Map((await upkeepRuns(pool)).map(({ task, finishedAt }) => [task, finishedAt]));
  if (at.getTime() - (last.get('survey')?.getTime() ?? 0) >= SURVEY_EVERY_MS) {
    await surveyMeters(deps);
    await noteUpkeep(pool, 'survey', at);
  }
  const week = mondayOf(at);
  const listed = last.get('drift');
  if (listed === undefined || mondayOf(listed) !== week) {
    const drifts = await listDriftsOfWeek(deps, week);
    await noteUpkeep(pool, 'drift', at);
    if (drifts > 0) log.info({ drifts, week }, 'habits have changed in some homes: see stillwater drift');
  }
}

/** The Monday of the week in which a moment lies, in UTC: lists need no finer line. */
function mondayOf(at: Date): string {
  const weekday = (at.getUTCDay() + 6) % 7;
  return localDateOf(new Date(at.getTime() - weekday * DAY_MS), 'UTC');
}
