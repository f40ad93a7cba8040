import { escalateDueAlerts } from '../../src/alerts/escalate-due-alerts.ts';
import type { Raise } from '../../src/alerts/open-alerts.ts';
import { raiseAlert } from '../../src/alerts/raise-alert.ts';
import { type Answer, recordVerification } from '../../src/alerts/record-verification.ts';
import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger, type Logger } from '../../src/core/logger.ts';
import { type TimelineEntry, timelineOf } from '../../src/db/alert-events.ts';
import { lockAlert, type StoredAlert } from '../../src/db/alerts.ts';
import { inTransaction } from '../../src/db/sql.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../src/domain/alerting/escalation-policy.ts';
import type { Evidence } from '../../src/domain/alerting/finding.ts';
import type { TestDatabase } from './database.ts';
import { type Home, type HomePlan, townIn } from './town.ts';
import { keepFinding } from './keep-finding.ts';

export const START = new Date('2026-03-01T00:00:00Z');

export const EVERYBODY = {
  daughter: { role: 'guardian' },
  son: { role: 'guardian', position: 2 },
  neighbour: { role: 'contact' },
  substitute: { role: 'contact', position: 2 },
  supervisor: { role: 'supervisor' },
  desk: { role: 'desk' },
} as const satisfies HomePlan['people'];

export const LOW_USE: Evidence = {
  detector: 'low-use',
  windowHours: 24,
  floorLitres: 6,
  litres: 0,
  lastUseAtMs: START.getTime(),
  asOfMs: START.getTime(),
};
export const RUNNING: Evidence = {
  detector: 'running-water',
  hours: 2,
  leastLitresPerHour: 220,
  litres: 450,
  asOfMs: START.getTime(),
};

export function minute(minutes: number): Date {
  return new Date(START.getTime() + minutes * 60_000);
}

let homes = 0;

/** Alerts raised by the real verbs on real storage, by a clock that is turned by hand. */
export function alertStories(database: TestDatabase, log: Logger = createLogger('error')) {
  const clock = handTurnedClock(START);
  const town = townIn(() => database.pool);
  const deps = () => ({ pool: database.pool, clock, log });
  const idOf = ({ people }: Home, name: string) => people[name]!.id;
  const alertIdOf = async (home: Home) => {
    const text = 'select id from alert where household_id = $1 order by id desc limit 1';
    const { rows } = await database.pool.query<{ id: number }>(text, [home.id]);
    return rows[0]!.id;
  };

  /** A finding of which nobody was told yet. */
  const find = async (home: Home, evidence = LOW_USE, policy = DEFAULT_ESCALATION_POLICY): Promise<Raise> => {
    const { detector } = evidence;
    const episode = { beganAtMs: clock.now().getTime(), endedAtMs: undefined, evidence };
    const finding = { householdId: home.id, detector, detectorVersion: 1, episode };
    const findingId = await keepFinding(database.pool, finding, clock.now());
    return { findingId, householdId: home.id, detectorVersion: 1, evidence, policy };
  };

  return {
    clock,
    deps,
    idOf,
    home(people: NonNullable<HomePlan['people']> = EVERYBODY): Promise<Home> {
      homes += 1;
      return town.home({ code: `S${homes}`, monitoredFrom: START, people });
    },
    find,
    async raise(home: Home, evidence = LOW_USE, policy = DEFAULT_ESCALATION_POLICY) {
      const raise = await find(home, evidence, policy);
      return { ...(await raiseAlert(deps(), raise)), again: () => raiseAlert(deps(), raise) };
    },
    /** It is so many minutes after the start; whoever is due is asked. */
    at(minutes: number): Promise<number> {
      clock.advanceTo(minute(minutes));
      return escalateDueAlerts(deps());
    },
    async answer(home: Home, name: string, outcome: Answer['outcome'], more: Partial<Answer> = {}): Promise<void> {
      const found = { alertId: await alertIdOf(home), personId: idOf(home, name), outcome, note: '' };
      await recordVerification(deps(), { method: 'phone', ...found, ...more });
    },
    async alertOf(home: Home): Promise<StoredAlert> {
      const alertId = await alertIdOf(home);
      return (await inTransaction(database.pool, (tx) => lockAlert(tx, alertId)))!;
    },
    async timelineOf(home: Home): Promise<TimelineEntry[]> {
      return timelineOf(database.pool, await alertIdOf(home));
    },
    /** The texts that are owed about a home: to whom, in which capacity and at which step. */
    async owedTo(home: Home, intent: string): Promise<string[]> {
      const { rows } = await database.pool.query<{ person_id: number; role: string; step: number }>(
        `select person_id, role, outbox.step from outbox join alert on alert.id = alert_id
         where household_id = $1 and intent = $2 order by outbox.id`,
        [home.id, intent],
      );
      const nameOf = new Map(Object.entries(home.people).map(([name, { id }]) => [id, name]));
      return rows.map(({ person_id, role, step }) => `${step} ${nameOf.get(person_id) ?? 'a stranger'} (${role})`);
    },
  };
}
