import { describe, expect, it } from 'vitest';
import { ARRIVALS, type Arrival, deliveriesOf } from '../../../bench/detect/arrivals.ts';
import { INJECTIONS } from '../../../bench/detect/injections.ts';
import { judgeRecordedHome } from '../../../bench/detect/judge-recorded-home.ts';
import { outcomesOf, sceneOf } from '../../../bench/detect/play.ts';
import { planOf } from '../../../bench/detect/plan.ts';
import { recordingOf } from '../../../bench/detect/recording.ts';
import { scoreRow } from '../../../bench/detect/score.ts';
import { falseAlarmsOf, stageHome } from '../../../bench/detect/stage.ts';
import { recordedClock } from '../../../src/detectors/backtest/recorded-clock.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';

const STARTS = Date.UTC(2026, 0, 1);
const clock = recordedClock('Europe/Madrid');

/** A hundred days of somebody who draws ten litres each hour from seven to midnight, and is away for three days. */
const readings = livedIn((hour) => hour < 60 * 24 || hour >= 63 * 24);
/** The same without an absence. */
const alwaysThere = livedIn(() => true);

function livedIn(isAtHome: (hour: number) => boolean) {
  let drawn = 5_000;
  return Array.from({ length: 100 * 24 }, (_, hour) => {
    if (hour > 0 && (hour - 1) % 24 >= 7 && isAtHome(hour - 1)) drawn += 10;
    return { readAtMs: STARTS + hour * HOUR_MS, indexLitres: litres(drawn) };
  });
}

const terms = { zone: 'Europe/Madrid', injections: 20, arrivals: ARRIVALS, onlyPlayed: [], isCurve: false };
const injection = (name: string) => {
  const found = INJECTIONS.find((one) => one.name === name);
  if (!found) throw new Error(`nothing is called ${name}`);
  return found;
};
const staged = (name: string, arrival: Arrival = 'hourly', lived = readings, leak = 0) => {
  const { rules } = planOf({ ...terms, onlyRules: [name] });
  const recording = recordingOf({ meter: 'WM-1', readings: lived }, 20);
  if (!recording) throw new Error('too short');
  return stageHome(recording, { leak, arrivals: [arrival], rules: rules.slice(0, 1), clock });
};
const played = (rule: string, name: string, arrival: Arrival = 'hourly', lived = readings) => {
  const given = injection(name);
  const stage = staged(rule, arrival, lived, given.standingLeak);
  return stage.recording.onsetsMs.flatMap((onsetMs) => {
    const scene = sceneOf(stage, given, onsetMs, arrival === 'packets');
    return scene ? outcomesOf(scene, arrival) : [];
  });
};
const hoursOf = (rule: string, name: string, arrival: Arrival = 'hourly', lived = readings) =>
  played(rule, name, arrival, lived).flatMap((outcome) => (outcome ? [outcome.hours] : []));

describe('judging a rule on a recorded home', () => {
  it.each([
    ['zero for 8 h', 8],
    ['zero for 24 h', 24],
  ])('finds a person who stopped when the window is full, counted from when they stopped (%s)', (rule, hours) => {
    const found = hoursOf(rule, 'stop').map((each) => each ?? 99);
    expect(found.length).toBeGreaterThan(10);
    expect(Math.max(...found)).toBe(hours);
    // Nobody stopped more than twelve hours after a use.
    expect(Math.min(...found)).toBeGreaterThanOrEqual(hours - 12);
  });

  it('finds nothing where a leak keeps the register moving, but for ours', () => {
    const leaking = 'stop under a leak of 1 L/h';
    expect(hoursOf('zero for 24 h', leaking).every((found) => found === undefined)).toBe(true);
    expect(hoursOf('ours, tier 2', leaking).every((found = 99) => found <= 24)).toBe(true);
  });

  it.each(['daily', 'late'] as const)('tells by the meter what it tells hourly, and says it later (%s)', (arrival) => {
    const told = played('zero for 12 h', 'stop', arrival).flatMap((outcome) => outcome ?? []);
    const hourly = hoursOf('zero for 12 h', 'stop').map((hours = 99) => hours);
    expect(told).toHaveLength(hourly.length);
    if (arrival === 'daily') expect(told.map(({ hours }) => hours)).toEqual(hourly);
    // A day that comes late hides what it would have shown until then.
    expect(told.every(({ hours = 0 }, i) => hours >= (hourly[i] ?? 99))).toBe(true);
    expect(told.every(({ hours = 99, arrivalHours = 0 }) => arrivalHours >= hours)).toBe(true);
    expect(Math.max(...told.map(({ arrivalHours = 0 }) => arrivalHours))).toBeGreaterThan(24);
  });

  it.each(ARRIVALS)(
    'counts an alarm in an absence apart from the others, and not where it was announced (%s)',
    (arrival) => {
      expect(falseAlarmsOf(staged('zero for 12 h', arrival), arrival)).toEqual([{ all: 1, short: 0, announced: 0 }]);
      expect(falseAlarmsOf(staged('2 m3 in 24 h', arrival), arrival)).toEqual([{ all: 0, short: 0, announced: 0 }]);
    },
  );

  it('counts every night for a rule that eight hours without water alarm', () => {
    const nights = livedIn((hour) => hour % 24 !== 7);
    expect(falseAlarmsOf(staged('zero for 8 h', 'hourly', nights), 'hourly')).toEqual([
      { all: 72, short: 72, announced: 72 },
    ]);
  });

  it('knows only the time of which readings tell', () => {
    const hole = readings.filter((_, hour) => hour < 80 * 24 || hour > 90 * 24);
    const years = (lived: typeof readings) => recordingOf({ meter: 'WM-1', readings: lived }, 20)?.years ?? 0;
    expect((years(readings) - years(hole)) * 365.25).toBeCloseTo(10 + 2 / 24, 5);
  });

  it('finds a tap by its volume', () => {
    expect(hoursOf('2 m3 in 24 h', 'tap at 300 L/h').every((found = 99) => found >= 6 && found <= 7)).toBe(true);
  });

  it('calls a meter silent a day after its last message', () => {
    const [score] = judgeRecordedHome({ meter: 'WM-1', readings }, planOf({ ...terms, onlyRules: ['silent'] })) ?? [];
    expect(score?.outcomes.every(({ hours }) => hours === 26)).toBe(true);
    expect(score?.all).toBe(0);
  });
});

it('judges every incident under every way of arriving', () => {
  const plan = planOf({ ...terms, injections: 1, onlyRules: ['ours, tier 2'] });
  const judged = judgeRecordedHome({ meter: 'WM-1', readings }, plan) ?? [];
  const asked = new Set(judged.map(({ injection: i, arrival: a }) => `${plan.played[i]?.name}, ${plan.arrivals[a]}`));
  const calling = INJECTIONS.filter(({ calls }) => calls === 'stillness' || calls === 'harmless');
  expect([...asked]).toEqual(
    expect.arrayContaining(calling.flatMap(({ name }) => ARRIVALS.map((arrival) => `${name}, ${arrival}`))),
  );
});

describe('a leak', () => {
  const hours = (rule: string, name: string) => hoursOf(rule, name).map((each = 99) => each);

  it('is told as the service tells it: a small one after two days, a greater one at once', () => {
    const small = hours('ours: leak (ticket)', 'leak of 1 L/h');
    // It may have begun up to seventeen hours after the last dry hours of the night: until then people's use hid it.
    expect(Math.min(...small)).toBeGreaterThan(26);
    expect(Math.max(...small)).toBe(46);
    expect(Math.max(...hours('ours: leak (ticket)', 'leak of 5 L/h'))).toBeLessThanOrEqual(26);
  });

  it('is known before it is told', () => {
    expect(Math.max(...hours('ours: leak (known)', 'leak of 1 L/h'))).toBeLessThanOrEqual(26);
  });
});

it('takes the rules and incidents that were asked for, and all where none was', () => {
  const names = (onlyRules: string[]) => planOf({ ...terms, onlyRules }).rules.map(({ name }) => name);
  expect(names(['24 h < 6', 'tier 2'])).toEqual(['ours, tier 2 (usual)', '24 h < 6 L']);
  expect(names([]).length).toBeGreaterThan(15);
  expect(planOf({ ...terms, onlyRules: [], onlyPlayed: ['away 3', 'rollover'] }).played).toHaveLength(3);
});

describe('the rules of others', () => {
  it('sets Cuddihy’s line above the longest nights, with a buffer', () => {
    // The line at 07:00 and later is that of the night's end: 7 h, and 70 % of it.
    const hours = hoursOf('Cuddihy', 'stop', 'hourly', alwaysThere).map((each) => each ?? 99);
    expect(Math.max(...hours)).toBeLessThanOrEqual(13);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(1);
    expect(falseAlarmsOf(staged('Cuddihy', 'hourly', alwaysThere), 'hourly')).toEqual([
      { all: 0, short: 0, announced: 0 },
    ]);
  });

  it('sets Wilhelm and Wahl’s limit a tenth above what is usual at the hour', () => {
    expect(falseAlarmsOf(staged('Wilhelm', 'hourly', alwaysThere), 'hourly')[0]?.all).toBe(0);
    expect(Math.max(...hoursOf('Wilhelm', 'stop').map((each) => each ?? 99))).toBeLessThanOrEqual(9);
  });
});

describe('what is played into a home', () => {
  const alarmsEach = (rule: string, name: string) =>
    played(rule, name, 'hourly', alwaysThere).flatMap((outcome) => outcome?.alarms ?? []);

  it('raises one alarm in an absence, however long, and none where it was announced', () => {
    expect(new Set(alarmsEach('24 h < 6 L', 'away 7 days'))).toEqual(new Set([1]));
    expect(new Set(alarmsEach('24 h < 6 L', 'away 7 days with notice'))).toEqual(new Set([0]));
    expect(new Set(alarmsEach('ours, tier 2', 'away 14 days'))).toEqual(new Set([1]));
  });

  it.each(
    INJECTIONS.filter(({ name, calls }) => calls !== 'running' && calls !== 'leak' && !/stop|away/.test(name)).map(
      ({ name }) => name,
    ),
  )('wakes nobody where only the meter changes (%s)', (name) => {
    for (const rule of ['24 h < 6 L', 'ours, tier 1', 'ours: running']) {
      expect(alarmsEach(rule, name).every((alarms) => alarms === 0)).toBe(true);
    }
  });
});

describe('the ways of arriving', () => {
  it.each(['hourly', 'daily', 'late'] as const)('bring every reading (%s)', (arrival) => {
    const brought = deliveriesOf('WM-1', readings, arrival, clock).flatMap((delivery) => delivery.readings);
    expect(new Set(brought.map(({ readAtMs }) => readAtMs)).size).toBe(readings.length);
  });

  it('lose some packets, and never bring one before it was read', () => {
    const deliveries = deliveriesOf('WM-1', readings, 'packets', clock);
    const brought = deliveries.flatMap((delivery) => delivery.readings);
    expect(brought.length).toBeLessThan(readings.length);
    expect(brought.length).toBeGreaterThan(readings.length * 0.9);
    expect(deliveries.every(({ arrivesMs, readings: [first] }) => first && arrivesMs >= first.readAtMs)).toBe(true);
  });
});

it('tells the two hours apart that a wall clock shows twice', () => {
  const first = clock.momentOf('2016-10-30 02:30:00');
  expect(new Date(first).toISOString()).toBe('2016-10-30T00:30:00.000Z');
  expect(clock.momentOf('2016-10-30 02:10:00', first)).toBe(first + 40 * 60_000);
  expect(new Date(clock.momentOf('2016-07-01 12:00:00')).toISOString()).toBe('2016-07-01T10:00:00.000Z');
});

describe('a row of the result', () => {
  const outcome = (hours: number | undefined) => ({ alarms: 1, hours, arrivalHours: hours });
  const place = { arrival: 0, injection: 0, rule: 0, years: 1 };
  const homes = [
    { ...place, all: 2, short: 1, announced: 1, outcomes: [outcome(10), outcome(14)] },
    { ...place, all: 1, short: 1, announced: 0, outcomes: [outcome(25), outcome(undefined)] },
  ];
  const of = (calls: 'stillness' | 'harmless') =>
    scoreRow(
      { rule: { name: 'r', listensFor: ['stillness'] }, injection: { name: 'i', calls }, arrival: 'hourly' },
      homes,
    );

  it('adds homes up, and counts what was missed as the whole horizon', () => {
    expect(of('stillness')).toMatchObject({ households: 2, householdYears: 2, injections: 4 });
    expect(of('stillness')).toMatchObject({ faAll: 1.5, faShort: 1, faAnnounced: 0.5, faAllBounds: [1, 2] });
    expect(of('stillness')).toMatchObject({ ttdMedian: 25, ttdMean: 36.25, ttdP90: 96 });
    expect(of('stillness')).toMatchObject({ within12: 0.25, within18: 0.5, within24: 0.5, within26: 0.75 });
    expect(of('stillness')).toMatchObject({ missed96: 0.25 });
  });

  it('times nothing that should not be told', () => {
    expect(of('harmless')).toMatchObject({ ttdMedian: null, within24: null, missed96: null, alarmsEach: 1 });
  });
});
