import type { Episode, WelfareDetector } from '../domain/alerting/finding.ts';
import type { HomeSeries } from './detector.ts';
import { lowUse } from './low-use.ts';
import { runningWater } from './running-water.ts';
import type { TierPolicy } from './tier-policy.ts';

/** A detector with the rule of one tier. */
export interface ArmedDetector {
  readonly name: WelfareDetector;
  readonly version: number;
  readonly lookbackMs: number;
  readonly episodes: (home: HomeSeries) => Episode[];
}

/** Every welfare detector there is, armed with the rules of a tier. A new detector is added here. */
export function armDetectors(policy: TierPolicy): ArmedDetector[] {
  return [arm(lowUse, policy.lowUse), arm(runningWater, policy.runningWater)];
}

function arm<Rule>(
  detector: {
    name: WelfareDetector;
    version: number;
    lookbackMs: (rule: Rule) => number;
    episodes: (home: HomeSeries, rule: Rule) => Episode[];
  },
  rule: Rule,
): ArmedDetector {
  return {
    name: detector.name,
    version: detector.version,
    lookbackMs: detector.lookbackMs(rule),
    episodes: (home) => detector.episodes(home, rule),
  };
}
