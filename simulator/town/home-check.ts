import type { Cause, Method, Outcome } from '../../src/domain/alerting/outcome.ts';
import { DAY_MS } from '../../src/domain/time.ts';
import type { Calendar } from '../calendar.ts';
import type { Incident } from './incident.ts';

/** What a person who checked on a home has to tell. */
export interface HomeCheck {
  readonly outcome: Outcome;
  /** Only with a false alarm. */
  readonly cause?: Cause;
  /** Only with `away`: the last day of the absence, by the town's calendar, as in 2026-03-01. */
  readonly awayUntil?: string;
}

/**
 * What checking on a home finds at `at` while `incident` goes on there; undefined stands for an ordinary day.
 *
 * Who only telephones a person that lies on the floor reaches nobody; who knocks at an empty home meets nobody.
 */
export function homeCheck(incident: Incident | undefined, method: Method, at: Date, calendar: Calendar): HomeCheck {
  switch (incident?.kind) {
    case 'stops':
      return { outcome: method === 'phone' ? 'could_not_reach' : 'safe' };
    case 'tap_left_running':
      return { outcome: 'safe' };
    case 'leak':
      return { outcome: 'false_alarm', cause: 'leak' };
    case 'away':
      if (method === 'in_person') return { outcome: 'could_not_reach' };
      return { outcome: 'away', awayUntil: lastDayAway(incident.until, at, calendar) };
    case 'meter_silent':
      return { outcome: 'false_alarm', cause: 'meter_fault' };
    case undefined:
      return { outcome: 'false_alarm', cause: 'other' };
  }
}

/** Never today: an absence that is told is told for tomorrow at least. */
function lastDayAway(until: Date, at: Date, calendar: Calendar): string {
  return calendar.dateOf(Math.max(until.getTime(), at.getTime() + DAY_MS));
}
