import type { HomeSeries } from '../../src/detectors/detector.ts';
import { type ArmedDetector, armDetectors } from '../../src/detectors/registry.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import type { Rule } from './rule.ts';

/** The detectors of the service, by the defaults of tier 2. */
export function ourRules(): Rule[] {
  return armDetectors(tierPolicies()[2]).map(ruleOf);
}

function ruleOf(detector: ArmedDetector): Rule {
  return {
    name: `ours: ${detector.name}`,
    listensFor: detector.name === 'running-water' ? 'running' : 'stillness',
    lookbackHours: detector.lookbackMs / HOUR_MS,
    judgeFor: () => (known, newestMs) => {
      const meter = { meterId: 1, boundFromMs: -Infinity, boundUntilMs: Infinity, intervals: known };
      const home: HomeSeries = { meters: [meter], excuses: [] };
      return detector.conditionAt(home, newestMs).holds;
    },
  };
}
