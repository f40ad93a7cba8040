import type { ArmedDetector, Detector } from './detector.ts';
import { inactivity } from './inactivity.ts';
import { lowUse } from './low-use.ts';
import { armOwnRule } from './own-rules/arm-own-rule.ts';
import { runningWater } from './running-water.ts';
import type { TierPolicy } from './tier-policy.ts';

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
