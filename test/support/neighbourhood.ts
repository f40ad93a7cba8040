import { expect } from 'vitest';
import { claimAlert } from '../../src/alerts/claim-alert.ts';
import { escalateDueAlerts } from '../../src/alerts/escalate-due-alerts.ts';
import { recordVerification, type Answer } from '../../src/alerts/record-verification.ts';
import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { runDetectors } from '../../src/detectors/run-detectors.ts';
import { type TierPolicies, tierPolicies } from '../../src/detectors/tier-policy.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { logSmsGateway } from '../../src/notify/channels/log-sms-gateway.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';
import type { SmsGateway } from '../../src/notify/sms-gateway.ts';
import type { TestDatabase } from './database.ts';
import { type Reading, storeForTest } from './readings.ts';
import { type Home, type HomePlan, townIn } from './town.ts';

/** How often the jobs run while hours pass, and while single minutes are watched. */
const TICK_MS = { hours: 20 * MINUTE_MS, minutes: 5 * MINUTE_MS };

/**
 * The whole service on real storage, with a hand-turned clock, a meter to turn and telephones that remember.
 *
 * @param policyNow the policy, or what tells the one in force at each run.
 * @param voice what makes calls; left out, they leave as texts.
 */
export function neighbourhood(
  database: TestDatabase,
  start: Date,
  policyNow: TierPolicies | (() => Promise<TierPolicies>) = tierPolicies(),
  voice?: SmsGateway,
) {
  const clock = handTurnedClock(start);
  const log = createLogger('error');
  const gateway = logSmsGateway({ clock, log: createLogger('silent') });
  const town = townIn(() => database.pool);
  const registers = new Map<string, number>();
  const names = new Map<string, string>();
  let seen = 0;

  const deps = () => ({ pool: database.pool, clock, log });
  const everyJob = async () => {
    await runDetectors({ ...deps(), policies: typeof policyNow === 'function' ? await policyNow() : policyNow });
    await escalateDueAlerts(deps());
    await dispatchOutbox({ ...deps(), gateway, voice, publicBaseUrl: 'https://sw.example.org' });
  };
  const pass = async (ms: number, tickMs: number) => {
    const until = clock.now().getTime() + ms;
    while (clock.now().getTime() < until) {
      clock.advanceTo(new Date(Math.min(until, clock.now().getTime() + tickMs)));
      await everyJob();
    }
  };
  const openAlertOf = async (home: Home) => {
    const { rows } = await database.pool.query('select * from alert where household_id = $1 order by id desc limit 1', [
      home.id,
    ]);
    return rows[0] as Record<string, unknown> | undefined;
  };

  return {
    clock,
    async home(plan: Omit<HomePlan, 'monitoredFrom'>): Promise<Home> {
      const home = await town.home({ ...plan, monitoredFrom: start });
      for (const [name, { phone }] of Object.entries(home.people)) names.set(phone, name);
      registers.set(home.serial, 10_000);
      await storeForTest(database.pool, home, [{ at: start, indexLitres: 10_000 }], start);
      return home;
    },

    /** Hours pass; in each the meter counts that many litres and reports. */
    async hours(home: Home, ...litresByHour: number[]): Promise<void> {
      for (const volume of litresByHour) {
        await pass(HOUR_MS, TICK_MS.hours);
        const indexLitres = (registers.get(home.serial) ?? 0) + volume;
        registers.set(home.serial, indexLitres);
        await storeForTest(database.pool, home, [{ at: clock.now(), indexLitres }], clock.now());
        await everyJob();
      }
    },

    /** Readings come in now, or later on, of whatever times; then every job runs once. */
    async uploads(home: Home, readings: readonly Reading[], at?: Date): Promise<void> {
      if (at) clock.advanceTo(at);
      await storeForTest(database.pool, home, readings, clock.now());
      await everyJob();
    },

    /** Time passes in which the meter is not heard. */
    minutes: (minutes: number) => pass(minutes * MINUTE_MS, minutes > 120 ? TICK_MS.hours : TICK_MS.minutes),

    async claims(home: Home, name: string): Promise<void> {
      const alertId = (await openAlertOf(home))?.['id'] as number;
      await claimAlert(deps(), { alertId, personId: home.people[name]!.id });
    },

    /** Somebody answers on the page behind their link; then every job runs once. */
    async answers(home: Home, name: string, outcome: Answer['outcome'], more: Partial<Answer> = {}): Promise<void> {
      const alertId = (await openAlertOf(home))?.['id'] as number;
      const personId = home.people[name]!.id;
      await recordVerification(deps(), { alertId, personId, outcome, method: 'in_person', note: '', ...more });
      await everyJob();
    },

    alertOf: openAlertOf,

    async ticketsOf(home: Home): Promise<number> {
      const { rows } = await database.pool.query('select 1 from ticket where household_id = $1 and closed_at is null', [
        home.id,
      ]);
      return rows.length;
    },

    /** Checks exactly who was texted since the last look, by the names the story calls them. */
    expectTexts(...expected: string[]): void {
      const fresh = gateway.texts().filter(({ n }) => n > seen);
      seen = gateway.texts().at(-1)?.n ?? seen;
      expect(fresh.map(({ to }) => names.get(to) ?? 'a stranger').toSorted()).toEqual(expected.toSorted());
    },

    /** The wording of the last text somebody got. */
    lastTextTo(home: Home, name: string): string {
      return gateway.texts().findLast(({ to }) => to === home.people[name]!.phone)?.body ?? '';
    },

    /** Three more rounds of every job, in which nobody may be texted. */
    async endsInSilence(): Promise<void> {
      for (let round = 0; round < 3; round += 1) await everyJob();
      this.expectTexts();
    },
  };
}

/** So many hours of the same volume. */
export function each(hours: number, litres: number): number[] {
  return Array.from({ length: hours }, () => litres);
}
