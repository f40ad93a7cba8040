import { habitBefore, NO_HABIT } from '../../src/domain/habit/home-habit.ts';
import type { HomeSeries } from '../../src/detectors/home-series.ts';
import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { litres } from '../../src/domain/metering/units.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { type Arrival, type Delivery, deliveriesOf } from './arrivals.ts';
import { inTimeOrder, type Look, lookOver, seriesOf } from './look.ts';
import { type PastUse, pastUse } from './past-use.ts';
import { absenceAt, type Recording } from './recording.ts';
import { replay, type Told } from './replay.ts';
import type { Rule } from './rules/rule.ts';
import type { RecordedClock } from '../../src/detectors/backtest/recorded-clock.ts';

/** A home under a standing leak, of whose readings some never come where packets are lost. */
export interface Stage {
  readonly recording: Recording;
  readonly rules: readonly Rule[];
  readonly clock: RecordedClock;
  /** All that the meter said, and what of it ever arrives. */
  readonly said: readonly RegisterReading[];
  readonly readings: readonly RegisterReading[];
  readonly home: HomeSeries;
  readonly past: PastUse;
  readonly look: Look;
}

/** Which ways of arriving bring the same readings in the end. */
export const SAME_IN_THE_END: readonly (readonly Arrival[])[] = [['hourly', 'daily', 'late'], ['packets']];

/** Sets a home up. */
export function stageHome(
  recording: Recording,
  { leak, arrivals, rules, clock }: Pick<Stage, 'rules' | 'clock'> & { leak: number; arrivals: readonly Arrival[] },
): Stage {
  const { meter } = recording;
  const startMs = recording.readings[0]?.readAtMs ?? 0;
  const said = recording.readings.map(({ readAtMs, indexLitres }) => ({
    readAtMs,
    indexLitres: litres(indexLitres + Math.floor(((readAtMs - startMs) / HOUR_MS) * leak)),
  }));
  const isLossy = arrivals.includes('packets');
  const readings = isLossy ? allOf(deliveriesOf(meter, said, 'packets', clock)) : said;
  const home = seriesOf(readings, { calendar: clock.calendar, habit: NO_HABIT });
  const past = pastUse(home.meters[0]?.intervals ?? [], clock);
  return { recording, rules, clock, said, readings, home, past, look: lookOver(home, past, rules, readings) };
}

/** All readings that come with deliveries, in the order of time. */
export function allOf(deliveries: readonly Delivery[]): RegisterReading[] {
  return inTimeOrder(deliveries.flatMap(({ readings }) => readings));
}

/** What a rule raised on a home to which nothing happened. */
export interface FalseAlarms {
  all: number;
  /** Outside absences. */
  short: number;
  /** Where all absences were announced. */
  announced: number;
}

/** The alarms each rule raises on a home to which nothing happens, in the order of the stage's rules. */
export function falseAlarmsOf(stage: Stage, arrival: Arrival): FalseAlarms[] {
  const { recording, rules } = stage;
  const counts = rules.map((): FalseAlarms => ({ all: 0, short: 0, announced: 0 }));
  eachFalseAlarm(stage, rules, arrival, (rule, { beganMs }) => {
    const count = counts[rule];
    if (!count) return;
    count.all += 1;
    if (!absenceAt(recording.absences, beganMs)) count.short += 1;
  });
  const still = rules.filter(({ listensFor }) => listensFor.includes('stillness'));
  for (const [rule, { listensFor }] of rules.entries()) {
    const count = counts[rule];
    if (count && !listensFor.includes('stillness')) count.announced = count.all;
  }
  eachFalseAlarm(announced(stage, still), still, arrival, (rule) => {
    const count = counts[rules.findIndex((each) => each === still[rule])];
    if (count) count.announced += 1;
  });
  return counts;
}

const announcedStages = new WeakMap<Stage, Stage>();

/** The same where people always said that they would be away, and until when. */
function announced(stage: Stage, rules: readonly Rule[]): Stage {
  let other = announcedStages.get(stage);
  if (!other) {
    const { recording, past, readings } = stage;
    const excuses = recording.absences.map((absence) => ({ kind: 'absence' as const, ...absence }));
    const leftOut = recording.absences.map(({ fromMs, untilMs }) => ({
      fromMs,
      untilMs,
      knownFromMs: fromMs,
      knownUntilMs: Infinity,
    }));
    const home = { ...stage.home, excuses, learned: { steps: [], leftOut } };
    announcedStages.set(stage, (other = { ...stage, home, rules, look: lookOver(home, past, rules, readings) }));
  }
  return other;
}

/** Holes lie no further back than this: a day comes three days late at most. */
const LATEST_MS = 4.5 * DAY_MS;

function eachFalseAlarm(
  { recording, clock, said, home, past, look }: Stage,
  rules: readonly Rule[],
  arrival: Arrival,
  count: (rule: number, told: Told) => void,
): void {
  const { calendar, habit, excuses } = home;
  const lookAt = (known: readonly RegisterReading[]) => {
    const newestMs = known.at(-1)?.readAtMs ?? 0;
    const before = habitBefore(habit, calendar.dayAt(newestMs - LATEST_MS).startMs);
    return lookOver(
      { ...seriesOf(known, { calendar, habit: before, excuses }), learned: home.learned },
      past,
      rules,
      known,
    );
  };
  const deliveries = deliveriesOf(recording.meter, said, arrival, clock);
  replay({ deliveries, whole: look, lookAt }, rules, {
    fromMs: recording.judgedFromMs,
    tell: (rule, told) => {
      count(rule, told);
      return 'go on';
    },
  });
}
