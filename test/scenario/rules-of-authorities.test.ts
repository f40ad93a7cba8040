import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { storedHomes } from '../../src/detectors/backtest/backtest.ts';
import { type Evidence } from '../../src/domain/alerting/finding.ts';
import { reasonFor } from '../../src/domain/alerting/reason.ts';
import { DAY_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { backtestCommand } from '../../src/main/commands/backtest.ts';
import { policyEnable } from '../../src/main/commands/policy.ts';
import { policyInWords } from '../../src/main/commands/policy-in-words.ts';
import { followPolicy, policyNow } from '../../src/main/policies.ts';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { useDatabase } from '../support/database.ts';
import { neighbourhood } from '../support/neighbourhood.ts';
import { type Reading, storeForTest } from '../support/readings.ts';
import type { Home } from '../support/town.ts';

const database = useDatabase();
/** Midnight of a Monday where the homes are. */
const MONDAY = new Date('2026-03-01T16:00:00Z');
const HISTORY_DAYS = 4;
const LIVE_FROM = new Date(MONDAY.getTime() + HISTORY_DAYS * DAY_MS);

/** So many half hours, in each of which so many litres run. */
const halfHours = (count: number, litres: number) => Array.from({ length: count }, () => litres);
/** A night of seven hours without water, and a day of a use an hour. */
const ORDINARY = [...halfHours(14, 0), ...Array.from({ length: 34 }, (_, i) => (i % 3 === 0 ? 0 : 6))];

interface Story {
  /** As an authority writes it into its policy file. */
  readonly rule: string;
  readonly name: string;
  readonly inWords: string;
  /** What runs, by half hours from Friday's midnight, until the rule speaks: the last reading makes it. */
  readonly litres: readonly number[];
  readonly kept: string;
  readonly severity: 'urgent' | 'warning';
  /** After its name. */
  readonly zh: string;
  readonly en: string;
}

const STORIES: readonly Story[] = [
  {
    rule: `{ "kind": "low-use", "name": "under 10 L in 12 h", "windowHours": 12, "floorLitres": 10 }`,
    name: 'under 10 L in 12 h',
    inWords: 'less than 10 L in 12 h',
    litres: [...halfHours(2, 20), ...halfHours(23, 0), 9],
    kept: 'low-use:under 10 L in 12 h',
    severity: 'urgent',
    zh: '截至3月6日13:00，12小时内仅用水9升（低于10升）；最近一次用水：3月6日13:00。',
    en: 'By 6 Mar 13:00, only 9 L of water in 12 h (under 10 L); last use: 6 Mar 13:00.',
  },
  {
    rule: `{ "kind": "low-use", "name": "zero for 8 h", "windowHours": 8, "floorLitres": 0 }`,
    name: 'zero for 8 h',
    inWords: 'no water in 8 h',
    litres: [...halfHours(2, 20), ...halfHours(16, 0)],
    kept: 'low-use:zero for 8 h',
    severity: 'urgent',
    zh: '截至3月6日09:00，8小时内未用水；最近一次用水：3月6日01:00。',
    en: 'By 6 Mar 09:00, no water had been used in 8 h; last use: 6 Mar 01:00.',
  },
  {
    rule: `{ "kind": "volume", "name": "over 2 m3 a day", "litres": 2000, "per": "day" }`,
    name: 'over 2 m3 a day',
    inWords: 'more than 2000 L in a day',
    litres: [...halfHours(14, 0), ...halfHours(20, 100), 1],
    kept: 'running-water:over 2 m3 a day',
    severity: 'warning',
    zh: '截至3月6日17:30，当天（自3月6日00:00起）用水2001升（超过2000升）。',
    en: 'By 6 Mar 17:30, 2001 L of water had run in the day that began 6 Mar 00:00 (more than 2000 L).',
  },
  {
    rule: `{ "kind": "continuous", "name": "every half hour of a day", "windowHours": 24, "slotMinutes": 30 }`,
    name: 'every half hour of a day',
    inWords: 'water in every 30 minutes of 24 h',
    litres: halfHours(48, 1),
    kept: 'running-water:every half hour of a day',
    severity: 'warning',
    zh: '截至3月7日00:00，24小时内每30分钟都有用水，共48升。',
    en: 'By 7 Mar 00:00, water had run in every 30 minutes of 24 h, 48 L in all.',
  },
];

/** The policy of an authority that goes by its own rule and by nothing else. */
const onlyThis = (rule: string) =>
  `{ "inactivity": "off", "lowUse": { "windowHours": 96, "floorLitres": 1, "minCoverage": 0.9 },
     "runningWater": { "flows": [], "volumes": [] }, "rules": [${rule}] }`;
const nothing = onlyThis('');

interface Place {
  readonly where: string;
  readonly inside: Pick<Parameters<ReturnType<typeof neighbourhood>['home']>[0], 'tier'>;
  readonly outside: Place['inside'];
  readonly file: (rule: string, inside: string) => string;
}

const PLACES: readonly Place[] = [
  {
    where: 'a tier',
    inside: { tier: 1 },
    outside: { tier: 2 },
    file: (rule) => `{ "tiers": { "1": ${onlyThis(rule)}, "2": ${nothing} } }`,
  },
  {
    where: 'a community',
    inside: { tier: 2 },
    outside: { tier: 2 },
    file: (rule, inside) =>
      `{ "tiers": { "2": ${nothing} }, "communities": { "community of ${inside}": { "2": ${onlyThis(rule)} } } }`,
  },
];

/** Readings of every half hour from a moment on. */
function readingsOf(from: Date, startIndex: number, litres: readonly number[]): Reading[] {
  let indexLitres = startIndex;
  return litres.map((volume, i) => {
    indexLitres += volume;
    return { at: new Date(from.getTime() + (i + 1) * 30 * MINUTE_MS), indexLitres };
  });
}

let streets = 0;

/** Two homes that have lived alike for some days, one of them where a rule will hold. */
async function twoHomes({ inside, outside }: Place, litres: readonly number[]) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const inForce = await followPolicy(database.pool, undefined, createLogger('silent'));
  const street = neighbourhood(database, MONDAY, async () => (await inForce()).policies);
  streets += 1;
  const home = (code: string, plan: Place['inside'], name: string) =>
    street.home({ code: `${code}${streets}`, people: { [name]: { role: 'guardian' } }, ...plan });
  const [watched, other] = [await home('IN', inside, 'daughter'), await home('OUT', outside, 'niece')];
  // A day on which the rule would have spoken, and ordinary ones after it.
  const bad = [...litres, ...halfHours(48, 0)].slice(0, Math.max(48, litres.length));
  const past = [...bad, ...ORDINARY, ...ORDINARY, ...ORDINARY].slice(0, HISTORY_DAYS * 48);
  const history = readingsOf(MONDAY, 10_000, past);
  street.clock.advanceTo(LIVE_FROM);
  for (const each of [watched, other]) await storeForTest(database.pool, each, history, LIVE_FROM);
  return { street, watched, other, lines, print, index: history.at(-1)!.indexLitres };
}

describe.each(PLACES.map((place) => [place.where, place] as const))('for the homes of %s', (_, place) => {
  it.each(STORIES.map((story) => [story.name, story] as const))(
    '“%s” is written, priced, enabled, and told by its name',
    async (_story, story) => {
      // Homes of the story before are watched over no more: they have no part in the price.
      await database.pool.query('update household set monitored_until = monitored_from + interval $$1 hour$$');
      const { street, watched, other, lines, print, index } = await twoHomes(place, story.litres);
      const text = place.file(story.rule, watched.code);

      expect(policyInWords(parsePolicyFile(text, 'policy.json'))).toContain(`  ${story.name}: ${story.inWords}`);
      await expectPrice(text, story);
      const deps = { pool: database.pool, clock: street.clock, print };
      const args = {
        text,
        path: 'policy.json',
        by: 'Wang Fang',
        days: HISTORY_DAYS,
        budget: 0,
        reason: 'the province',
      };
      expect(await policyEnable(deps, args)).toBe(0);
      expect(lines.find((line) => line.includes(story.kept))).toMatch(/ 1 +[1-9]\d* +\d+\.\d$/);

      const readings = readingsOf(LIVE_FROM, index, story.litres);
      for (const home of [watched, other]) await street.uploads(home, readings.slice(0, -1), readings.at(-2)!.at);
      street.expectTexts();
      for (const home of [watched, other]) await street.uploads(home, readings.slice(-1), readings.at(-1)!.at);
      street.expectTexts('daughter');
      await expectAlert(street, watched, story);
      expect(await street.alertOf(other)).toBeUndefined();
      await street.answers(watched, 'daughter', 'safe');
      street.expectTexts('daughter');
      await street.endsInSilence();
    },
  );
});

/** `stillwater backtest` tells what the rule would have cost, against the homes it watches. */
async function expectPrice(text: string, { kept }: Story): Promise<void> {
  const { policies } = policyNow(parsePolicyFile(text, 'policy.json'));
  const replayed = await storedHomes(database.pool, policies, { at: LIVE_FROM, days: HISTORY_DAYS });
  const lines: string[] = [];
  await backtestCommand(
    { replayed, policies, print: (line) => void lines.push(line) },
    { days: HISTORY_DAYS, budget: 0, json: true },
  );
  const { prices } = JSON.parse(lines[0]!) as { prices: { detector: string; homes: number; alarms: number }[] };
  const price = prices.find(({ detector }) => detector === kept);
  expect(price).toMatchObject({ homes: 1 });
  expect(price!.alarms).toBeGreaterThan(0);
}

async function expectAlert(
  street: ReturnType<typeof neighbourhood>,
  home: Home,
  { name, severity, zh, en }: Story,
): Promise<void> {
  const alert = await street.alertOf(home);
  expect(alert).toMatchObject({ state: 'open', severity });
  const reasonIn = (language: 'zh-CN' | 'en') => reasonFor(alert!['evidence'] as Evidence, language, 'Asia/Shanghai');
  expect(reasonIn('zh-CN')).toBe(`${name}：${zh}`);
  expect(reasonIn('en')).toBe(`${name}: ${en}`);
}
