import { firstWhere } from '../../src/domain/bisect.ts';
import { habitBefore } from '../../src/domain/habit/home-habit.ts';
import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { litres } from '../../src/domain/metering/units.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { type Arrival, type Delivery, deliveriesOf } from './arrivals.ts';
import type { Injection } from './injections.ts';
import { type Look, lookOver, seriesOf } from './look.ts';
import { replay } from './replay.ts';
import type { Rule } from './rules/rule.ts';
import { LOOKBACK_MS } from './rules/our-rules.ts';
import { allOf, type Stage } from './stage.ts';

/** What came of one injection by one rule. */
export interface Outcome {
  /** How many alarms were raised; of an incident that was found, the first counts. */
  readonly alarms: number;
  /** From the onset to the reading, by the meter's clock, at which the alarm began; undefined when there was none in time. */
  readonly hours: number | undefined;
  /** From the onset until that was told, in hours. */
  readonly arrivalHours: number | undefined;
}

/** An injection at one onset in one home, ready to be delivered. */
export interface Scene {
  readonly stage: Stage;
  readonly injection: Injection;
  readonly onsetMs: number;
  /** The rules that are asked, by their place among the stage's. */
  readonly asked: readonly number[];
  readonly said: readonly RegisterReading[];
  readonly look: Look;
  readonly lookAt: (known: readonly RegisterReading[]) => Look;
}

/** Whether a rule is asked about an injection: of what calls for nothing, all are. */
export function isAsked({ listensFor }: Pick<Rule, 'listensFor'>, { calls }: Pick<Injection, 'calls'>): boolean {
  return isHarmlessTo({ listensFor }, { calls }) || listensFor.some((call) => call === calls);
}

/** Whether an alarm of the rule would be a false one. A meter that says nothing is no reason to ask for people. */
export function isHarmlessTo({ listensFor }: Pick<Rule, 'listensFor'>, { calls }: Pick<Injection, 'calls'>): boolean {
  if (calls === 'harmless') return !listensFor.includes('silence');
  return calls === 'silence' && !listensFor.includes('silence');
}

/** The readings around an onset, from then on changed as the injection says. Undefined where nothing was read before it. */
export function sceneOf(stage: Stage, injection: Injection, onsetMs: number, isLossy: boolean): Scene | undefined {
  const { calendar, habit } = stage.home;
  const fromMs = calendar.dayAt(onsetMs - LOOKBACK_MS - 2 * DAY_MS).startMs;
  const before = between(stage.said, fromMs, onsetMs);
  const atOnset = before.at(-1)?.indexLitres;
  if (atOnset === undefined) return undefined;
  const shown = dialOf(injection, atOnset);
  const after = injection.apply(between(stage.said, onsetMs, onsetMs + injection.horizonMs), onsetMs, atOnset);
  const said = [...before, ...after].map(shown);
  const { announcedMs = 0, dialLitres } = injection;
  const excuses =
    announcedMs > 0 ? [{ kind: 'absence' as const, fromMs: onsetMs, untilMs: onsetMs + announcedMs }] : [];
  const rules = stage.rules.filter((rule) => isAsked(rule, injection));
  const terms = { calendar, habit: habitBefore(habit, calendar.dayAt(onsetMs).startMs), excuses, dialLitres };
  const lookAt = (known: readonly RegisterReading[]) => lookOver(seriesOf(known, terms), stage.past, rules, known);
  const scene = { stage, injection, onsetMs, said, asked: rules.map((rule) => stage.rules.indexOf(rule)), lookAt };
  const arriving = isLossy
    ? deliveriesIn({ ...scene, look: undefined }, 'packets')
    : [{ arrivesMs: 0, readings: movedBy(injection, onsetMs, said) }];
  return { ...scene, look: lookAt(allOf(arriving)) };
}

/** What each of the rules that are asked makes of a scene; undefined for one whose alarm was open already. */
export function outcomesOf(scene: Scene, arrival: Arrival): (Outcome | undefined)[] {
  const { asked, stage, onsetMs, look, lookAt, injection } = scene;
  const rules = asked.flatMap((rule) => stage.rules[rule] ?? []);
  const atOnset = firstWhere(look.readings, ({ readAtMs }) => readAtMs > onsetMs) - 1;
  const outcomes = rules.map((_, rule): Outcome | undefined =>
    atOnset >= 1 && look.holds(rule, atOnset) === true
      ? undefined
      : { alarms: 0, hours: undefined, arrivalHours: undefined },
  );
  const deliveries = deliveriesIn(scene, arrival).filter(
    ({ arrivesMs }) => arrivesMs <= onsetMs + injection.horizonMs + 4 * DAY_MS,
  );
  replay({ deliveries, whole: look, lookAt }, rules, {
    fromMs: onsetMs,
    tell: (rule, { beganMs, arrivesMs }) => {
      const outcome = outcomes[rule];
      if (!outcome) return 'enough';
      const hours = outcome.hours ?? (beganMs - onsetMs) / HOUR_MS;
      const arrivalHours = outcome.arrivalHours ?? (arrivesMs - onsetMs) / HOUR_MS;
      outcomes[rule] = { alarms: outcome.alarms + 1, hours, arrivalHours };
      const isFound = rules[rule] && !isHarmlessTo(rules[rule], injection);
      return isFound ? 'enough' : 'go on';
    },
  });
  return outcomes;
}

/** How the readings of a scene come, those before the onset at once. A meter whose clock is wrong sends when it always did. */
function deliveriesIn(
  { stage, said, onsetMs, injection }: Omit<Scene, 'look'> & { look: unknown },
  arrival: Arrival,
): Delivery[] {
  const deliveries = deliveriesOf(stage.recording.meter, said, arrival, stage.clock);
  const past = deliveries.filter(({ arrivesMs }) => arrivesMs <= onsetMs).flatMap(({ readings }) => readings);
  const later = deliveries.filter(({ arrivesMs }) => arrivesMs > onsetMs);
  return [
    { arrivesMs: onsetMs, readings: past },
    ...later.map(({ arrivesMs, readings }) => ({ arrivesMs, readings: movedBy(injection, onsetMs, readings) })),
  ];
}

function movedBy({ clockMovedMs }: Injection, onsetMs: number, readings: readonly RegisterReading[]) {
  if (clockMovedMs === undefined) return readings;
  return readings.map((reading) =>
    reading.readAtMs > onsetMs ? { ...reading, readAtMs: reading.readAtMs + clockMovedMs } : reading,
  );
}

function between(readings: readonly RegisterReading[], afterMs: number, untilMs: number): readonly RegisterReading[] {
  return readings.slice(
    firstWhere(readings, ({ readAtMs }) => readAtMs > afterMs),
    firstWhere(readings, ({ readAtMs }) => readAtMs > untilMs),
  );
}

/** Shows readings on the injection's dial, which turns over 50 litres after the onset. */
function dialOf({ dialLitres }: Injection, atOnset: number): (reading: RegisterReading) => RegisterReading {
  if (dialLitres === undefined) return (reading) => reading;
  return ({ readAtMs, indexLitres }) => {
    const turned = (indexLitres - atOnset + 2 * dialLitres - 50) % dialLitres;
    return { readAtMs, indexLitres: litres(turned) };
  };
}
