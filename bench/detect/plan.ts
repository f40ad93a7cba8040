import { ARRIVALS, type Arrival } from './arrivals.ts';
import { INJECTIONS } from './injections.ts';
import type { Plan } from './judge-recorded-home.ts';
import { cuddihy } from './rules/cuddihy.ts';
import { firstPersonal } from './rules/first-personal.ts';
import { FIXED_RULES } from './rules/fixed-rules.ts';
import { otherChoices, ourRules } from './rules/our-rules.ts';
import { wilhelmWahl } from './rules/wilhelm-wahl.ts';
import { SILENCE } from './silence.ts';
import { recordedClock } from '../../src/detectors/backtest/recorded-clock.ts';

/** What somebody asked to be judged; it can be handed to another thread. */
export interface PlanTerms {
  readonly zone: string;
  readonly injections: number;
  readonly arrivals: readonly Arrival[];
  /** Only rules and only injections whose name holds one of these; all of them where there are none. */
  readonly onlyRules: readonly string[];
  readonly onlyPlayed: readonly string[];
  /** Only a person who stops, hourly, with more choices of ours. */
  readonly isCurve: boolean;
}

/** The plan for these terms; the same terms give the same rules and injections in the same order. */
export function planOf({ zone, injections, arrivals, onlyRules, onlyPlayed, isCurve }: PlanTerms): Plan {
  const rules = [
    ...ourRules(),
    SILENCE,
    ...(isCurve ? otherChoices() : []),
    ...FIXED_RULES,
    cuddihy,
    wilhelmWahl,
    ...[0.01, 0.005, 0.003].map(firstPersonal),
  ];
  const played = INJECTIONS.filter(({ name }) => (isCurve ? name === 'stop' : holdsOneOf(name, onlyPlayed)));
  return {
    rules: rules.filter(({ name }) => holdsOneOf(name, onlyRules)),
    played,
    arrivals: isCurve ? ['hourly'] : ARRIVALS.filter((arrival) => arrivals.includes(arrival)),
    injections,
    clock: recordedClock(zone),
  };
}

function holdsOneOf(name: string, texts: readonly string[]): boolean {
  return texts.length === 0 || texts.some((text) => name.includes(text));
}
