import { type Arrival, deliveriesOf } from './arrivals.ts';
import type { Injection } from './injections.ts';
import { isAsked, isHarmlessTo, type Outcome, outcomesOf, sceneOf } from './play.ts';
import type { RecordedHome } from '../../src/detectors/backtest/read-homes.ts';
import { type Recording, recordingOf } from './recording.ts';
import type { Rule } from './rules/rule.ts';
import { SILENCE, silenceFound, silencesIn } from './silence.ts';
import { falseAlarmsOf, SAME_IN_THE_END, type Stage, stageHome } from './stage.ts';
import type { RecordedClock } from '../../src/detectors/backtest/recorded-clock.ts';

/** What is judged, and how thoroughly. */
export interface Plan {
  readonly rules: readonly Rule[];
  readonly played: readonly Injection[];
  readonly arrivals: readonly Arrival[];
  /** How often each incident is played into each home; what is harmless a third as often. */
  readonly injections: number;
  readonly clock: RecordedClock;
}

/** How a rule did on one home with one injection and one way of arriving; the first three by their place in the plan. */
export interface HomeScore {
  readonly arrival: number;
  readonly injection: number;
  readonly rule: number;
  readonly years: number;
  readonly all: number;
  readonly short: number;
  readonly announced: number;
  readonly outcomes: readonly Outcome[];
}

/** Judges every rule on one home: undefined where the home is too short to be judged. */
export function judgeRecordedHome(home: RecordedHome, plan: Plan): HomeScore[] | undefined {
  const recording = recordingOf(home, plan.injections);
  if (!recording) return undefined;
  const leaks = [...new Set(plan.played.map(({ standingLeak }) => standingLeak))];
  return SAME_IN_THE_END.map((alike) => alike.filter((arrival) => plan.arrivals.includes(arrival)))
    .filter((arrivals) => arrivals.length > 0)
    .flatMap((arrivals) => [
      ...leaks.flatMap((leak) => judgeUnderLeak(recording, plan, arrivals, leak)),
      ...arrivals.flatMap((arrival) => judgeSilence(recording, plan, arrival)),
    ]);
}

function judgeUnderLeak(recording: Recording, plan: Plan, arrivals: readonly Arrival[], leak: number): HomeScore[] {
  const { clock } = plan;
  const played = plan.played.filter(({ standingLeak }) => standingLeak === leak);
  // What is said to none of these counts nowhere: a leak that always ran, say, is no news to the rules for leaks.
  const rules = plan.rules.filter((rule) => rule !== SILENCE && played.some((given) => isAsked(rule, given)));
  if (rules.length === 0) return [];
  const stage = stageHome(recording, { leak, arrivals, rules, clock });
  const falseAlarms = arrivals.map((arrival) => falseAlarmsOf(stage, arrival));
  return plan.played.flatMap((given, injection) => {
    if (given.standingLeak !== leak) return [];
    const outcomes = playedOutcomes(stage, given, arrivals);
    return arrivals.flatMap((arrival, a) =>
      rules.flatMap((rule, r) => {
        const alarms = falseAlarms[a]?.[r];
        if (!alarms || !isAsked(rule, given)) return [];
        const place = { arrival: plan.arrivals.indexOf(arrival), injection, rule: plan.rules.indexOf(rule) };
        return [{ ...place, years: recording.years, ...alarms, outcomes: outcomes[a]?.[r] ?? [] }];
      }),
    );
  });
}

/** What came of an injection at every onset: by the way of arriving and the place of the rule. */
function playedOutcomes(stage: Stage, given: Injection, arrivals: readonly Arrival[]): Outcome[][][] {
  const outcomes = arrivals.map(() => stage.rules.map((): Outcome[] => []));
  for (const onsetMs of onsetsFor(stage.recording, given)) {
    const scene = sceneOf(stage, given, onsetMs, arrivals.includes('packets'));
    if (!scene) continue;
    for (const [a, arrival] of arrivals.entries()) {
      outcomesOf(scene, arrival).forEach((outcome, i) => {
        if (outcome) outcomes[a]?.[scene.asked[i] ?? -1]?.push(outcome);
      });
    }
  }
  return outcomes;
}

/** What should not be told is played a third as often: it lasts for weeks, and nothing is timed. */
function onsetsFor({ onsetsMs }: Recording, given: Injection): readonly number[] {
  const isHarmless = isHarmlessTo({ listensFor: ['stillness'] }, given);
  return isHarmless ? onsetsMs.slice(0, Math.ceil(onsetsMs.length / 3)) : onsetsMs;
}

function judgeSilence(recording: Recording, { rules, played, arrivals, clock }: Plan, arrival: Arrival): HomeScore[] {
  const rule = rules.indexOf(SILENCE);
  const injection = played.findIndex(({ calls }) => calls === 'silence');
  if (rule < 0 || injection < 0) return [];
  const deliveries = deliveriesOf(recording.meter, recording.readings, arrival, clock);
  const silences = silencesIn(deliveries, recording.judgedFromMs);
  return [
    {
      arrival: arrivals.indexOf(arrival),
      injection,
      rule,
      years: recording.years,
      all: silences,
      short: silences,
      announced: silences,
      outcomes: recording.onsetsMs.map((onsetMs) => silenceFound(deliveries, onsetMs)),
    },
  ];
}
