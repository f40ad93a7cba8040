import { type ArmedDetector, armDetectors } from '../../src/detectors/registry.ts';
import { homeSeries } from '../../src/detectors/home-series.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';
import { dryRuns } from '../../src/domain/habit/dry-run.ts';
import { extendHabit, NO_HABIT } from '../../src/domain/habit/home-habit.ts';
import { homeUse } from '../../src/domain/habit/home-use.ts';
import { firstWhere } from '../../src/domain/bisect.ts';
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
    judgeFor: ({ clock, intervals }) => {
      const habit = extendHabit(NO_HABIT, dryRuns(homeUse([{ intervals }])), clock.calendar, Infinity);
      return (known, newestMs) => {
        const recent = known.slice(firstWhere(known, ({ toMs }) => toMs > newestMs - detector.lookbackMs));
        const meter = { meterId: 1, boundFromMs: -Infinity, boundUntilMs: Infinity, intervals: recent };
        const home = homeSeries({ meters: [meter], excuses: [], calendar: clock.calendar, habit });
        return detector.conditionOf(home)(newestMs).holds;
      };
    },
  };
}
