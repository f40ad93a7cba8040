import { expect, it } from 'vitest';
import { redeemCheckCode } from '../../../src/alerts/redeem-check-code.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { mintToken } from '../../../src/core/link-token.ts';
import { ATTEMPT_WINDOW_MS, MOST_ATTEMPTS } from '../../../src/domain/alerting/code-limits.ts';
import { loadVisit } from '../../../src/web/verification/load-visit.ts';
import { checkPages, CODE_KEY } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';
import { byForm } from '../../support/long-form.ts';

const GUESSES = byForm({ long: 1_000_000, short: 3_000 });
const LINK_GUESSES = byForm({ long: 1_000_000, short: 600 });
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

it('is let in by none of a million guesses at codes, half of them with the digits of a phone that has one', async () => {
  const pages = checkPages(database.pool);
  const checks = await Promise.all(Array.from({ length: 5 }, () => pages.openCheck()));
  const codes = await Promise.all(checks.map((check) => check.codeFor('neighbour')));
  const phones = checks.map(({ home }) => home.people['neighbour']!.phone.slice(-4));
  const deps = { pool: database.pool, clock: pages.clock, log: createLogger('error'), codeKey: CODE_KEY };
  const random = numbers(20_260_302);
  const pick = (n: number) => Math.floor(random() * n);
  const guess = () => ({
    code: Array.from({ length: 8 }, () => LETTERS[pick(LETTERS.length)]).join(''),
    phoneDigits: random() < 0.5 ? phones[pick(phones.length)]! : String(pick(10_000)).padStart(4, '0'),
    address: `198.51.100.${pick(ADDRESSES)}`,
  });

  const answers = { opened: 0, wrong: 0, too_many: 0 };
  for (let done = 0; done < GUESSES; done += AT_ONCE) {
    const tried = await Promise.all(Array.from({ length: AT_ONCE }, () => redeemCheckCode(deps, guess())));
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
  const honest = { code: codes[0]!, phoneDigits: phones[0]!, address: '203.0.113.5' };
  expect((await redeemCheckCode(deps, honest)).kind).toBe('opened');
});

it('is let in by none of a million guesses at links', async () => {
  const pages = checkPages(database.pool);
  await pages.openCheck();
  const deps = { db: database.pool, clock: pages.clock };
  const kinds = new Set<string>();
  for (let done = 0; done < LINK_GUESSES; done += AT_ONCE) {
    const tried = await Promise.all(Array.from({ length: AT_ONCE }, () => loadVisit(deps, mintToken(), undefined)));
    for (const { kind } of tried) kinds.add(kind);
  }
  expect([...kinds]).toEqual(['unknown']);
});
