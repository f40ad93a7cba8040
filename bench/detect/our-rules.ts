import type { ArmedDetector } from '../../src/detectors/detector.ts';
import { armDetectors } from '../../src/detectors/registry.ts';
import { type Excuse, type HomeSeries, homeSeries } from '../../src/detectors/home-series.ts';
import { lookbackMsOf } from '../../src/detectors/judge-home.ts';
import { inactivityRule, type TierPolicy, TIERS, tierPolicies } from '../../src/detectors/tier-policy.ts';
import type { IntervalConsumption } from '../../src/domain/metering/interval-consumption.ts';
import { firstWhere } from '../../src/domain/bisect.ts';
import { BASE_FLOW_LOOKBACK_MS, standingLeak } from '../../src/domain/habit/base-flow.ts';
import { type HomeHabit, NO_HABIT } from '../../src/domain/habit/home-habit.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import type { Call } from './injections.ts';
import type { HomePast, Rule } from './rule.ts';

/** No rule of ours looks back further, by any tier's defaults. */
const LOOKBACK_MS = Math.max(...TIERS.map((tier) => lookbackMsOf(tierPolicies()[tier])));

/** The detectors of the service by the defaults of each tier: those that speak of stillness together, the others alone. */
export function ourRules(): Rule[] {
  const policies = tierPolicies();
  const still = TIERS.map((tier) => stillness(`ours, tier ${tier}`, policies[tier]));
  const others = armDetectors(policies[2]).filter(({ name }) => name === 'running-water');
  return [...still, ...others.map((each) => ruleOf(`ours: ${each.name}`, ['running'], [each])), LEAK];
}

/** From seldom to soon, so that the whole of what can be chosen is seen. */
const CHOICES = [
  { chance: 0.001, chancePerHour: 0.0001 },
  { chance: 0.002, chancePerHour: 0.0002 },
  { chance: 0.01, chancePerHour: 0.001 },
  { chance: 0.02, chancePerHour: 0.002 },
  { chance: 0.05, chancePerHour: 0.003 },
  { chance: 0.15, chancePerHour: 0.006 },
] as const;

/** Other choices of how unusual a pause must be. */
export function otherChoices(): Rule[] {
  const policy = tierPolicies()[2];
  return CHOICES.map((choice) =>
    stillness(`ours: chance ${choice.chance}`, { ...policy, inactivity: { ...inactivityRule(2), ...choice } }),
  );
}

/** A leak that comes and goes within 14 days is one ticket. */
const LEAK: Rule = {
  name: 'ours: leak',
  listensFor: ['leak'],
  lookbackHours: BASE_FLOW_LOOKBACK_MS / HOUR_MS,
  sameForMs: 14 * DAY_MS,
  judgeFor: () => (known, newestMs) =>
    standingLeak(known.slice(firstWhere(known, ({ toMs }) => toMs > newestMs - 2 * BASE_FLOW_LOOKBACK_MS))) > 0,
};

function stillness(name: string, policy: TierPolicy): Rule {
  return ruleOf(name, ['stillness'], stillnessOf(armDetectors(policy)));
}

function stillnessOf(detectors: readonly ArmedDetector[]): ArmedDetector[] {
  return detectors.filter(({ name }) => name === 'inactivity' || name === 'low-use');
}

/** One alert a home: it is open while any of the detectors holds. */
function ruleOf(name: string, listensFor: readonly Call[], detectors: readonly ArmedDetector[]): Rule {
  return {
    name,
    listensFor,
    lookbackHours: LOOKBACK_MS / HOUR_MS,
    judgeFor: (past) => {
      const { calendar } = past.clock;
      const habit = habitOf(past);
      return (known, newestMs, excuses = []) => {
        const home = seen(known, newestMs, excuses, () => {
          const recent = known.slice(firstWhere(known, ({ toMs }) => toMs > newestMs - LOOKBACK_MS));
          return homeSeries({ meters: [bound(recent)], excuses, calendar, habit });
        });
        return together(detectors.map(({ conditionOf }) => conditionOf(home)(newestMs).holds));
      };
    },
  };
}

/** The rules are asked about the same readings one after the other: what was worked out for the first serves all. */
function seen(
  known: readonly IntervalConsumption[],
  newestMs: number,
  excuses: readonly Excuse[],
  homeOf: () => HomeSeries,
): HomeSeries {
  const isSame = last?.known === known && last.newest === known.at(-1) && last.count === known.length;
  if (!last || !isSame || last.newestMs !== newestMs || last.excuses.length !== excuses.length) {
    last = { known, newestMs, excuses, newest: known.at(-1), count: known.length, home: homeOf() };
  }
  return last.home;
}

let last:
  | {
      readonly known: readonly IntervalConsumption[];
      readonly newestMs: number;
      readonly excuses: readonly Excuse[];
      readonly newest: IntervalConsumption | undefined;
      readonly count: number;
      readonly home: HomeSeries;
    }
  | undefined;

const habits = new WeakMap<HomePast, HomeHabit>();

/** The habit of a home, worked out once for all rules. */
function habitOf(past: HomePast): HomeHabit {
  let habit = habits.get(past);
  if (!habit) {
    const { clock, intervals } = past;
    const shown = homeSeries({ meters: [bound(intervals)], excuses: [], calendar: clock.calendar, habit: NO_HABIT });
    // It holds the whole of the recording; detectors count only what was over when the day of a moment began.
    habits.set(past, (habit = { ...shown.habit, untilMs: Infinity }));
  }
  return habit;
}

function together(holds: readonly (boolean | undefined)[]): boolean | undefined {
  if (holds.includes(true)) return true;
  return holds.includes(undefined) ? undefined : false;
}

function bound(intervals: readonly IntervalConsumption[]) {
  return { meterId: 1, boundFromMs: -Infinity, boundUntilMs: Infinity, intervals };
}
