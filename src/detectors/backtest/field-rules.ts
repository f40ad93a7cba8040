import type { ArmedDetector } from '../detector.ts';
import { armDetectors } from '../registry.ts';
import { armOwnRule } from '../own-rules/arm-own-rule.ts';
import type { TierPolicies, TierPolicy } from '../tier-policy.ts';
import { TIERS } from '../tier-policy.ts';
import type { HomeSeries } from '../home-series.ts';
import { alarmsOf } from './alarms-of.ts';
import { hoursToDetect } from './inject.ts';
import type { Mark } from './draw-curve.ts';

/** The fixed rules that authorities and utilities are known to use: under so many litres, or none at all, in so many hours. */
export const FIELD_RULES = [
  ['12 h < 10 L', 12, 10],
  ['zero for 8 h', 8, 0],
  ['zero for 12 h', 12, 0],
  ['24 h < 10 L', 24, 10],
  ['24 h < 6 L', 24, 6],
  ['zero for 24 h', 24, 0],
] as const;

/** Something that is compared: its policy, and which of its detectors listen for stillness. */
interface Compared {
  readonly name: string;
  readonly isOurs: boolean;
  readonly policy: TierPolicy;
  readonly asked: (policy: TierPolicy) => readonly ArmedDetector[];
}

/** Each tier of a policy on every home, beside the field's fixed rules. */
function comparedRules(policies: TierPolicies): readonly Compared[] {
  const ours = TIERS.map((tier) => ({
    name: `tier ${tier}`,
    isOurs: true,
    policy: policies[tier],
    asked: (policy: TierPolicy) => armDetectors(policy).filter(({ name }) => isOfStillness(name)),
  }));
  const field = FIELD_RULES.map(([name, windowHours, floorLitres]) => ({
    name,
    isOurs: false,
    policy: policies[2],
    asked: () => [armOwnRule({ kind: 'low-use', name, windowHours, floorLitres, minCoverage: 0.9 })],
  }));
  return [...ours, ...field];
}

function isOfStillness(name: string): boolean {
  return name === 'inactivity' || name.split(':')[0] === 'low-use';
}

/** How the compared rules did so far: what each home adds, and the marks in the end. */
export function comparison(policies: TierPolicies) {
  const rules = comparedRules(policies);
  const tallies = rules.map(() => ({ alarms: 0, hours: [] as number[] }));
  let years = 0;
  return {
    /** Adds a home, judged for so many days, with incidents at these moments. */
    add(home: HomeSeries, days: number, onsetsMs: readonly number[]): void {
      years += days / 365.25;
      for (const [i, { policy, asked }] of rules.entries()) {
        const tally = tallies[i];
        if (!tally) continue;
        tally.alarms += alarmsOf(home, policy, asked).length;
        for (const onsetMs of onsetsMs) {
          tally.hours.push(hoursToDetect(home, policy, { incident: 'stop', onsetMs }, asked) ?? MISSED_HOURS);
        }
      }
    },
    marks: (): Mark[] =>
      rules.map(({ name, isOurs }, i) => {
        const { alarms = 0, hours = [] } = tallies[i] ?? {};
        const sum = hours.reduce((total, each) => total + each, 0);
        const mean = hours.length === 0 ? MISSED_HOURS : sum / hours.length;
        return { name, isOurs, isNamed: true, alarms: years === 0 ? 0 : alarms / years, hours: mean };
      }),
  };
}

const MISSED_HOURS = 96;
