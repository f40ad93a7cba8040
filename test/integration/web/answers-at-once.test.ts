import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Outcome, OUTCOMES } from '../../../src/domain/alerting/outcome.ts';
import { type CheckPages, checkPages, type OpenCheck } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';
import { byForm } from '../../support/long-form.ts';

/** Every pair of answers, so many times over: a thousand pairs in the long form. */
const ROUNDS = byForm({ long: 40, short: 1 });
const TIME_LIMIT_MS = byForm({ long: 3_600_000, short: 120_000 });
const PAIRS = OUTCOMES.flatMap((first) => OUTCOMES.map((second) => [first, second] as const));
const ENDINGS: readonly Outcome[] = ['safe', 'false_alarm', 'away'];

const database = useDatabase();
let pages: CheckPages;
let app: FastifyInstance;

beforeAll(async () => {
  pages = checkPages(database.pool);
  app = await pages.app();
});
afterAll(() => app.close());

function send(check: OpenCheck, name: string, outcome: Outcome) {
  const form = { outcome, method: 'phone', cause: 'leak', away_until: '2026-03-05' };
  return app.inject({
    method: 'POST',
    url: `/v/${check.tokens[name] ?? ''}`,
    payload: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

async function standingOf({ alertId }: OpenCheck) {
  const { rows } = await database.pool.query(
    `select state, severity, close_outcome, next_step_at <= $2 as "isDue",
            (select array_agg(outcome order by outcome) from verification where alert_id = alert.id) as kept
     from alert where id = $1`,
    [alertId, pages.clock.now()],
  );
  return rows[0] as Record<string, unknown>;
}

/** The gravest of both: help before an end, an end before nobody reached. */
function expected(both: readonly Outcome[]): Record<string, unknown> {
  const kept = both.toSorted();
  if (both.includes('needs_help')) return { state: 'open', severity: 'emergency', kept };
  const endings = both.filter((outcome) => ENDINGS.includes(outcome));
  if (endings.length === 0) return { state: 'open', isDue: true, kept };
  return { state: 'closed', close_outcome: expect.toBeOneOf(endings) as unknown, kept };
}

it(
  'leave the gravest standing, both kept, and show both people a page, whatever two people find at the same moment',
  async () => {
    for (const [first, second] of Array.from({ length: ROUNDS }, () => PAIRS).flat()) {
      const check = await pages.openCheck();
      const seen = await Promise.all([send(check, 'neighbour', first), send(check, 'daughter', second)]);

      for (const { statusCode } of seen) expect([303, 409], `${first} and ${second}`).toContain(statusCode);
      expect(await standingOf(check), `${first} and ${second}`).toMatchObject(expected([first, second]));
    }
  },
  TIME_LIMIT_MS,
);
