import type { Town } from '../../../simulator/town/town.ts';
import type { DbPool } from '../../db/sql.ts';
import { alertOutcomes, readingCounts, countSentTexts, ticketOutcomes } from '../../db/town-outcomes.ts';
import { DAY_MS } from '../../domain/time.ts';

/** What came of a simulated town, in counts. */
export interface TownScore {
  readonly homes: number;
  readonly days: number;
  readonly seconds: number;
  readonly readings: number;
  readonly readingsPerSecond: number;
  readonly incidentsExpectingAlert: number;
  /** Of those, how many were alerted. */
  readonly incidentsAlerted: number;
  readonly alerts: number;
  /** Alerts at homes where nothing had happened. */
  readonly falseAlerts: number;
  readonly falseAlertsPer100HomesAMonth: number;
  readonly alertsStillOpen: number;
  readonly textsSent: number;
  readonly silentMetersExpected: number;
  readonly tickets: number;
}

const MONTH_DAYS = 30;

/** Holds what the service made of a town against what really happened in it. */
export async function scoreTown(pool: DbPool, town: Town, days: number, seconds: number): Promise<TownScore> {
  const alerts = await alertOutcomes(pool);
  const tickets = await ticketOutcomes(pool);
  const { readings } = await readingCounts(pool);
  const endMs = town.startAt.getTime() + days * DAY_MS;
  const happened = town.truth().filter(({ from }) => from.getTime() + 2 * DAY_MS <= endMs);
  const troubled = new Set(town.truth().map(({ homeCode }) => homeCode));
  const alerted = new Set(alerts.map(({ homeCode }) => homeCode));
  const expecting = happened.filter(({ expects }) => expects === 'low-use' || expects === 'running-water');
  const falseAlerts = alerts.filter(({ homeCode }) => !troubled.has(homeCode)).length;
  return {
    homes: town.homes.length,
    days,
    seconds: round(seconds),
    readings,
    readingsPerSecond: Math.round(readings / seconds),
    incidentsExpectingAlert: expecting.length,
    incidentsAlerted: expecting.filter(({ homeCode }) => alerted.has(homeCode)).length,
    alerts: alerts.length,
    falseAlerts,
    falseAlertsPer100HomesAMonth: round((falseAlerts * 100 * MONTH_DAYS) / (town.homes.length * days)),
    alertsStillOpen: alerts.filter(({ state }) => state !== 'closed').length,
    textsSent: await countSentTexts(pool),
    silentMetersExpected: happened.filter(({ expects }) => expects === 'meter-silent').length,
    tickets: tickets.length,
  };
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}
