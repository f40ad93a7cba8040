import { type ArmedDetector, armDetectors } from '../../src/detectors/registry.ts';
import { homeSeries } from '../../src/detectors/home-series.ts';
import { INACTIVITY_RULE, tierPolicies } from '../../src/detectors/tier-policy.ts';
import type { IntervalConsumption } from '../../src/domain/metering/interval-consumption.ts';
import { firstWhere } from '../../src/domain/bisect.ts';
import { NO_HABIT } from '../../src/domain/habit/home-habit.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import type { Rule } from './rule.ts';

/** The detectors of the service, by the defaults of tier 2, and the personal one as it is measured. */
export function ourRules(): Rule[] {
  return armDetectors({ ...tierPolicies()[2], inactivity: INACTIVITY_RULE }).map(ruleOf);
}

function ruleOf(detector: ArmedDetector): Rule {
  return {
    name: `ours: ${detector.name}`,
    listensFor: detector.name === 'running-water' ? 'running' : 'stillness',
    lookbackHours: detector.lookbackMs / HOUR_MS,
    judgeFor: ({ clock, intervals }) => {
      const { calendar } = clock;
      const past = homeSeries({ meters: [bound(intervals)], excuses: [], calendar, habit: NO_HABIT }).habit;
      // It holds the whole of the recording; detectors count only what was over when the day of a moment began.
      const habit = { ...past, untilMs: Infinity };
      return (known, newestMs) => {
        const recent = known.slice(firstWhere(known, ({ toMs }) => toMs > newestMs - detector.lookbackMs));
        const home = homeSeries({ meters: [bound(recent)], excuses: [], calendar, habit });
        return detector.conditionOf(home)(newestMs).holds;
      };
    },
  };
}

function bound(intervals: readonly IntervalConsumption[]) {
  return { meterId: 1, boundFromMs: -Infinity, boundUntilMs: Infinity, intervals };
}
