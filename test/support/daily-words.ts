import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterEach, beforeEach } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import type { Secret } from '../../src/core/secret.ts';
import { oweDailyWords } from '../../src/detectors/daily-word/owe-daily-words.ts';
import { runDetectors } from '../../src/detectors/run-detectors.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import type { SendingLimits } from '../../src/notify/dispatch-deps.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';
import { type CheckPages, checkPages, type OpenCheck, START } from './check-pages.ts';
import type { TestDatabase } from './database.ts';
import { hourlyReadings, type Reading, storeForTest } from './readings.ts';
import { type ScriptedGateway, scriptedGateway } from './scripted-gateway.ts';
import type { HomePlan } from './town.ts';

const log = createLogger('silent');

/** So many hours after eight on Monday morning in Shanghai: midnight is 16, seven on Tuesday morning 23. */
export const hour = (hours: number) => new Date(START.getTime() + hours * 3_600_000);
export const each = (hours: number, litres: number) => Array.from({ length: hours }, () => litres);
/** Monday with water until ten at night, then none until seven on Tuesday. */
export const night = () => hourlyReadings(hour(0), [...each(14, 9), ...each(9, 0)]);
export const NIGHT_INDEX = 5_000 + 14 * 9;
/** So many litres after the night. */
export const reading = (atHour: number, litres: number): Reading => ({
  at: hour(atHour),
  indexLitres: NIGHT_INDEX + litres,
});

/** What a test may change of the town before its texts leave. */
interface Sending {
  gateway: ScriptedGateway;
  limits: SendingLimits;
  codeKey: Secret | undefined;
}

/** The pages of alerts, the daily word and what leaves for the phones, on a clock of each test's own. */
export function dailyWords(database: TestDatabase) {
  let pages: CheckPages;
  let app: FastifyInstance;
  const sending: Sending = { gateway: scriptedGateway(), limits: {}, codeKey: undefined };

  beforeEach(async () => {
    await database.pool.query('truncate daily_word, outbox cascade');
    pages = checkPages(database.pool);
    app = await pages.app();
    Object.assign(sending, { gateway: scriptedGateway(), limits: {}, codeKey: undefined });
  });
  afterEach(() => app.close());

  const deps = () => ({ pool: database.pool, clock: pages.clock, log, policies: tierPolicies() });
  const inject = (request: InjectOptions) => app.inject(request);
  const post = (url: string, form: Record<string, string> = {}) =>
    inject({
      method: 'POST',
      url,
      payload: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const pageOf = (check: OpenCheck, name: string, part = '') => `/v/${check.tokens[name] ?? ''}${part}`;
  const asks = (check: OpenCheck, name = 'daughter') => post(pageOf(check, name, '/daily'), { daily_word: 'start' });
  const dailyTexts = () => sending.gateway.sent.filter(({ intent }) => intent === 'daily_word');
  return {
    sending,
    deps,
    inject,
    post,
    pageOf,
    asks,
    dailyTexts,
    advanceTo: (at: Date) => {
      pages.clock.advanceTo(at);
    },
    get: (url: string) => inject({ method: 'GET', url }),
    openCheck: (plan?: Partial<HomePlan>) => pages.openCheck(plan),
    bodies: () => dailyTexts().map(({ body }) => body),
    notices: async () => (await database.pool.query('select from notice where daily_word_id is not null')).rowCount,
    words: async () => (await database.pool.query('select * from daily_word')).rows as Record<string, unknown>[],

    /** A home whose alert is over, and a daughter who asked for the daily word on its page. */
    askedFor: async (plan: Partial<HomePlan> = {}): Promise<OpenCheck> => {
      const check = await pages.openCheck(plan);
      await asks(check);
      await check.answer('daughter', 'safe');
      return check;
    },

    /** Readings come in so many hours after the beginning, and every job runs. */
    comes: async (check: OpenCheck, atHour: number, readings: readonly Reading[] = []): Promise<void> => {
      pages.clock.advanceTo(hour(atHour));
      await storeForTest(database.pool, check.home, readings, pages.clock.now());
      await runDetectors(deps());
      await oweDailyWords(deps());
      await dispatchOutbox({ ...deps(), ...sending, publicBaseUrl: 'https://sw.example.org' });
    },
  };
}
