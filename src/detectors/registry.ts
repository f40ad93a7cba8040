import type { FindingName } from '../domain/alerting/finding.ts';
import type { Condition, Detector } from './detector.ts';
import type { HomeSeries } from './home-series.ts';
import { inactivity } from './inactivity.ts';
import { lowUse } from './low-use.ts';
import { armOwnRule } from './own-rules/arm-own-rule.ts';
import { runningWater } from './running-water.ts';
import type { TierPolicy } from './tier-policy.ts';

/** A detector with the rule of one tier. */
export interface ArmedDetector {
  readonly name: FindingName;
  readonly version: number;
  readonly needsEveryMeter: boolean;
  readonly lookbackMs: number;
  readonly conditionOf: (home: HomeSeries) => (atMs: number) => Condition;
}

/** Every welfare detector there is, armed with the rules of a tier. A new detector is added here. */
export function armDetectors(policy: TierPolicy): ArmedDetector[] {
  return [
    ...(policy.inactivity === 'off' ? [] : [arm(inactivity, policy.inactivity)]),
    arm(lowUse, policy.lowUse),
    arm(runningWater, policy.runningWater),
    ...policy.rules.map(armOwnRule),
  ];
}

function arm<Rule>(detector: Detector<Rule>, rule: Rule): ArmedDetector {
  const { name, version, needsEveryMeter, lookbackMs, conditionOf } = detector;
  return {
    name,
    version,
    needsEveryMeter,
    lookbackMs: lookbackMs(rule),
    conditionOf: (home) => conditionOf(home, rule),
  };
}
