import type { ArmedDetector, Condition, Detector } from '../detector.ts';
import type { HomeSeries } from '../home-series.ts';
import { lowUse } from '../low-use.ts';
import { continuous } from './continuous.ts';
import type { LittleRule, OwnRule } from './own-rule.ts';
import { volume } from './volume.ts';

/** A rule of an authority as a detector. Its findings are kept under the rule's name, which their reason begins with. */
export function armOwnRule(rule: OwnRule): ArmedDetector {
  switch (rule.kind) {
    case 'low-use':
      return named(lowUse, rule, whole(rule));
    case 'volume':
      return named(volume, rule, rule);
    case 'continuous':
      return named(continuous, rule, rule);
  }
}

function named<Rule>(detector: Detector<Rule>, own: OwnRule, rule: Rule): ArmedDetector {
  const { name: ruleName } = own;
  const { version, needsEveryMeter, lookbackMs } = detector;
  const tell = (condition: Condition): Condition => {
    if (!condition.holds || condition.evidence.detector === 'inactivity') return condition;
    const { evidence } = condition;
    // The floor as the authority wrote it: its 0 is told as "no water".
    const floor = evidence.detector === 'low-use' && own.kind === 'low-use' ? { floorLitres: own.floorLitres } : {};
    return { holds: true, evidence: { ...evidence, ...floor, rule: ruleName } };
  };
  return {
    name: `${detector.name}:${ruleName}`,
    version,
    needsEveryMeter,
    lookbackMs: lookbackMs(rule),
    conditionOf: (home: HomeSeries) => {
      const conditionAt = detector.conditionOf(home, rule);
      return (atMs) => tell(conditionAt(atMs));
    },
  };
}

/** Registers count whole litres: nothing at all is less than one. */
function whole(rule: LittleRule): LittleRule {
  return { ...rule, floorLitres: Math.max(1, rule.floorLitres) };
}
