import { expect, it } from 'vitest';
import { redeemCheckCode } from '../../../src/alerts/redeem-check-code.ts';
import type { CheckCodeKind } from '../../../src/core/check-code.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { mintToken } from '../../../src/core/link-token.ts';
import { ATTEMPT_WINDOW_MS, MOST_ATTEMPTS } from '../../../src/domain/alerting/code-limits.ts';
import { loadVisit } from '../../../src/web/verification/load-visit.ts';
import { type CheckPages, checkPages, CODE_KEY } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';
import { byForm } from '../../support/long-form.ts';

const GUESSES = byForm({ long: 1_000_000, short: 3_000 });
const LINK_GUESSES = byForm({ long: 1_000_000, short: 600 });
const TIME_LIMIT_MS = byForm({ long: 4 * 3_600_000, short: 120_000 });
const AT_ONCE = 6;
/** As fast as this, from as many addresses: the attacker never waits for anything. */
const GUESSES_A_WINDOW = 1_500;
const ADDRESSES = 250;
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const database = useDatabase();

/** The same guesses each time: a hit would be found again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Five codes of one kind, each with the phone that it belongs to. */
async function standingCodes(pages: CheckPages, kind: CheckCodeKind) {
  const checks = await Promise.all(Array.from({ length: 5 }, () => pages.openCheck()));
  const codes = checks.map(async (check) => ({
    code: await check.codeFor('neighbour', kind),
    phone: check.home.people['neighbour']!.phone,
  }));
  return Promise.all(codes);
}

async function guessAtCodes(): Promise<void> {
  const pages = checkPages(database.pool);
  const letters = await standingCodes(pages, 'letters');
  const digits = await standingCodes(pages, 'digits');
  const deps = { pool: database.pool, clock: pages.clock, log: createLogger('error'), codeKey: CODE_KEY };
  const random = numbers(20_260_302);
  const pick = (n: number) => Math.floor(random() * n);
  const oneOf = (codes: typeof letters) => codes[pick(codes.length)]!.phone;
  const address = () => `198.51.100.${pick(ADDRESSES)}`;
  const guessAtLetters = () => ({
    code: Array.from({ length: 8 }, () => LETTERS[pick(LETTERS.length)]).join(''),
    phoneDigits: random() < 0.5 ? oneOf(letters).slice(-4) : String(pick(10_000)).padStart(4, '0'),
    address: address(),
  });
  const guessAtDigits = () => ({
    code: String(pick(1_000_000)).padStart(6, '0'),
    phoneDigits: oneOf(digits),
    address: address(),
  });
  const guess = () => (random() < 0.8 ? guessAtLetters() : guessAtDigits());

  const answers = { opened: 0, wrong: 0, too_many: 0 };
  for (let done = 0; done < GUESSES; done += AT_ONCE) {
    const tried = await Promise.all(
      Array.from({ length: AT_ONCE }, () => patiently(guess(), (entry) => redeemCheckCode(deps, entry))),
    );
    for (const { kind } of tried) answers[kind] += 1;
    if (done % GUESSES_A_WINDOW < AT_ONCE) {
      pages.clock.advanceTo(new Date(pages.clock.now().getTime() + ATTEMPT_WINDOW_MS));
    }
  }

  const windows = Math.ceil(GUESSES / GUESSES_A_WINDOW) + 1;
  expect(answers.opened).toBe(0);
  expect(answers.wrong).toBeLessThanOrEqual(windows * MOST_ATTEMPTS.everybody);
  expect(answers.too_many).toBeGreaterThan(GUESSES / 3);

  pages.clock.advanceTo(new Date(pages.clock.now().getTime() + ATTEMPT_WINDOW_MS));
  const honest = letters.map(({ code, phone }) => ({ code, phoneDigits: phone.slice(-4), address: '203.0.113.5' }));
  for (const entry of honest) expect((await redeemCheckCode(deps, entry)).kind).toBe('opened');
  const { rows } = await database.pool.query<{ kind: string; stands: boolean }>(
    `select kind, voided_at is null as stands from check_code order by id`,
  );
  expect(rows.filter(({ kind }) => kind === 'digits').map(({ stands }) => stands)).toEqual(digits.map(() => false));
  report(`codes, in ${windows} windows of ten minutes`, answers);
}

async function guessAtLinks(): Promise<void> {
  const pages = checkPages(database.pool);
  await pages.openCheck();
  const deps = { db: database.pool, clock: pages.clock };
  const answers: Record<string, number> = {};
  for (let done = 0; done < LINK_GUESSES; done += AT_ONCE) {
    const tried = await Promise.all(
      Array.from({ length: AT_ONCE }, () => patiently(mintToken(), (token) => loadVisit(deps, token, undefined))),
    );
    for (const { kind } of tried) answers[kind] = (answers[kind] ?? 0) + 1;
  }
  expect(Object.keys(answers)).toEqual(['unknown']);
  report('links', answers);
}

/** On a machine that is busy with other things for hours, a connection may not come in time: the same guess again. */
async function patiently<Guess, T>(guess: Guess, attempt: (guess: Guess) => Promise<T>): Promise<T> {
  try {
    return await attempt(guess);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('timeout exceeded')) throw error;
    return patiently(guess, attempt);
  }
}

/** What the guesses came to, for docs/home-check.md. */
function report(at: string, answers: Readonly<Record<string, number>>): void {
  console.log(`guesses at ${at}:`, answers);
}

it(
  'is let in by none of a million guesses at codes, half of them with the digits of a phone that has one',
  guessAtCodes,
  TIME_LIMIT_MS,
);

it('is let in by none of a million guesses at links', guessAtLinks, TIME_LIMIT_MS);
