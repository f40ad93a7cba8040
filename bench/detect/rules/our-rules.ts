import type { ArmedDetector } from '../../../src/detectors/detector.ts';
import { meterFaults } from '../../../src/detectors/meter-faults.ts';
import { armDetectors } from '../../../src/detectors/registry.ts';
import { lookbackMsOf } from '../../../src/detectors/judge-home.ts';
import { inactivityRule, type TierPolicy, TIERS, tierPolicies } from '../../../src/detectors/tier-policy.ts';
import { firstWhere } from '../../../src/domain/bisect.ts';
import { leakNow } from '../../../src/domain/habit/leak.ts';
import type { IntervalConsumption } from '../../../src/domain/metering/interval-consumption.ts';
import { DAY_MS } from '../../../src/domain/time.ts';
import type { Call } from '../injections.ts';
import type { Rule } from './rule.ts';

/** No rule of ours looks back further, by any tier's defaults. */
export const LOOKBACK_MS = Math.max(...TIERS.map((tier) => lookbackMsOf(tierPolicies()[tier])));

const PACE = { 1: 'fast', 2: 'usual', 3: 'slow' } as const;

/** The detectors of the service by the defaults of each tier: those that speak of stillness together, the others alone. */
export function ourRules(): Rule[] {
  const policies = tierPolicies();
  const still = TIERS.map((tier) => stillness(`ours, tier ${tier} (${PACE[tier]})`, policies[tier]));
  const others = armDetectors(policies[2]).filter(({ name }) => name === 'running-water');
  return [...still, ...others.map((each) => ruleOf(`ours: ${each.name}`, ['running'], [each])), LEAK, LEAK_KNOWN];
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
const SAME_LEAK_MS = 14 * DAY_MS;

/** What the service opens a ticket for, found as it finds it: by the readings at hand at each moment. */
const LEAK: Rule = leakRule('ours: leak (ticket)', (intervals) =>
  meterFaults({ meters: [{ ...ONE_METER, intervals }] }).some(({ kind }) => kind === 'leak'),
);

/** The same before it is worth telling: water that did not stand still for a day, however little. */
const LEAK_KNOWN: Rule = leakRule('ours: leak (known)', (intervals) => leakNow(intervals) !== undefined);

const ONE_METER = { meterId: 1, boundFromMs: -Infinity, boundUntilMs: Infinity };

function leakRule(name: string, isLeaking: (intervals: readonly IntervalConsumption[]) => boolean): Rule {
  return {
    name,
    listensFor: ['leak'],
    sameForMs: SAME_LEAK_MS,
    lookOver: ({ home }) => {
      const intervals = home.meters[0]?.intervals ?? [];
      return (atMs) => {
        const first = firstWhere(intervals, ({ fromMs }) => fromMs >= atMs - LOOKBACK_MS);
        return isLeaking(
          intervals.slice(
            first,
            firstWhere(intervals, ({ toMs }) => toMs > atMs),
          ),
        );
      };
    },
  };
}

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
    lookOver: ({ home }) => {
      const conditions = detectors.map(({ conditionOf }) => conditionOf(home));
      return (atMs) => together(conditions.map((conditionAt) => conditionAt(atMs).holds));
    },
  };
}

function together(holds: readonly (boolean | undefined)[]): boolean | undefined {
  if (holds.includes(true)) return true;
  return holds.includes(undefined) ? undefined : false;
}
