import { describe, expect, it } from 'vitest';
import type { IncidentPlan } from '../../../simulator/town/incident.ts';
import { createTown } from '../../../simulator/town/town.ts';
import { dialOf, hoursAfter, litresByHour, sentBy } from './read-town.ts';

const startAt = new Date('2026-03-01T00:00:00+08:00');
const HOME = 'SW-0002';
const HOURS = 8 * 24;
const at = (hours: number) => hoursAfter(startAt, hours);
const townWith = (...incidents: IncidentPlan[]) => createTown({ seed: 'incidents', homes: 4, startAt, incidents });
const hoursIn = (town: ReturnType<typeof townWith>, homeCode = HOME) => litresByHour(dialOf(town, homeCode, HOURS));
const sum = (volumes: readonly number[]) => volumes.reduce((total, volume) => total + volume, 0);

const ordinary = hoursIn(townWith());

describe('a person who stops using water', () => {
  const stop: IncidentPlan = { kind: 'stops', homeCode: HOME, from: at(60) };

  it('uses none from then on, and lived as always before', () => {
    const volumes = hoursIn(townWith(stop));

    expect(volumes.slice(0, 60)).toEqual(ordinary.slice(0, 60));
    expect(sum(volumes.slice(60))).toBe(0);
  });

  it('uses water again once somebody was at the door', () => {
    const town = townWith(stop);
    const before = hoursIn(town);
    town.resolve(HOME, at(90));
    const after = hoursIn(town);

    expect(after.slice(0, 90)).toEqual(before.slice(0, 90));
    expect(after.slice(90)).toEqual(ordinary.slice(90));
    expect(town.truth()).toEqual([{ ...stop, endedAt: at(90), expects: 'low-use' }]);
  });

  it('changes nothing for the neighbours', () => {
    expect(hoursIn(townWith(stop), 'SW-0003')).toEqual(hoursIn(townWith(), 'SW-0003'));
  });
});

describe('water that nobody turns off', () => {
  it('adds a tap left running to ordinary life until it is closed', () => {
    const town = townWith({ kind: 'tap_left_running', homeCode: HOME, from: at(31.5), litresPerHour: 200 });
    town.resolve(HOME, at(40));
    const added = hoursIn(town).map((volume, hour) => volume - (ordinary[hour] ?? 0));

    expect(added.slice(31, 40)).toEqual([100, 200, 200, 200, 200, 200, 200, 200, 200]);
    expect(sum(added)).toBe(1_700);
  });

  it('lets a leak run on and on, by a few litres an hour', () => {
    const leak: IncidentPlan = { kind: 'leak', homeCode: HOME, from: at(24), litresPerHour: 3 };
    const added = hoursIn(townWith(leak)).map((volume, hour) => volume - (ordinary[hour] ?? 0));

    expect(added.slice(24).every((volume) => volume === 3)).toBe(true);
    expect(sum(added.slice(0, 24))).toBe(0);
  });
});

describe('other incidents', () => {
  it('keeps a home dry while its people are away, and only then', () => {
    const volumes = hoursIn(townWith({ kind: 'away', homeCode: HOME, from: at(30), until: at(102), announced: true }));

    expect(volumes.slice(0, 30)).toEqual(ordinary.slice(0, 30));
    expect(sum(volumes.slice(30, 102))).toBe(0);
    expect(volumes.slice(102)).toEqual(ordinary.slice(102));
  });

  it('ends the messages of a silent meter, and no water', () => {
    const town = townWith({ kind: 'meter_silent', homeCode: HOME, from: at(50) });

    expect(sentBy(town, HOME, HOURS)).toEqual(sentBy(townWith(), HOME, 50));
  });

  it('is not ended by a visit before it began, and an absence or a silent meter by none', () => {
    const plans: IncidentPlan[] = [
      { kind: 'leak', homeCode: HOME, from: at(24), litresPerHour: 1 },
      { kind: 'away', homeCode: HOME, from: at(3), until: at(60), announced: false },
      { kind: 'meter_silent', homeCode: HOME, from: at(3) },
    ];
    const town = townWith(...plans);
    town.resolve(HOME, at(10));

    expect(town.truth().map(({ endedAt }) => endedAt)).toEqual([undefined, at(60), undefined]);
  });

  it('says what each should lead to', () => {
    const expectationOf = (plan: IncidentPlan) => townWith(plan).truth()[0]?.expects;
    const home = { homeCode: HOME, from: at(0) };

    expect(expectationOf({ ...home, kind: 'stops' })).toBe('low-use');
    expect(expectationOf({ ...home, kind: 'tap_left_running', litresPerHour: 90 })).toBe('running-water');
    expect(expectationOf({ ...home, kind: 'leak', litresPerHour: 4 })).toBe('nothing');
    expect(expectationOf({ ...home, kind: 'leak', litresPerHour: 5 })).toBe('running-water');
    expect(expectationOf({ ...home, kind: 'away', until: at(72), announced: false })).toBe('low-use');
    expect(expectationOf({ ...home, kind: 'away', until: at(72), announced: true })).toBe('nothing');
    expect(expectationOf({ ...home, kind: 'away', until: at(20), announced: false })).toBe('nothing');
    expect(expectationOf({ ...home, kind: 'meter_silent' })).toBe('meter-silent');
  });
});

describe('checking on a home', () => {
  const home = { homeCode: HOME, from: at(0) };

  it('finds a person on the floor at the door, and nobody on the telephone', () => {
    const town = townWith({ ...home, kind: 'stops' });

    expect(town.checkHome(HOME, 'phone', at(30))).toEqual({ outcome: 'could_not_reach' });
    expect(town.checkHome(HOME, 'in_person', at(30))).toEqual({ outcome: 'safe' });
  });

  it('learns from family or neighbours that somebody is away, and until when', () => {
    const town = townWith({ ...home, kind: 'away', until: at(100), announced: false });

    expect(town.checkHome(HOME, 'in_person', at(30))).toEqual({ outcome: 'could_not_reach' });
    expect(town.checkHome(HOME, 'phone', at(30))).toEqual({ outcome: 'away', awayUntil: '2026-03-05' });
    expect(town.checkHome(HOME, 'neighbour', at(98))).toEqual({ outcome: 'away', awayUntil: '2026-03-06' });
  });

  it('finds the tap, the leak, or a false alarm', () => {
    const tap = townWith({ ...home, kind: 'tap_left_running', litresPerHour: 200 });
    const leak = townWith({ ...home, kind: 'leak', litresPerHour: 8 });

    expect(tap.checkHome(HOME, 'in_person', at(5))).toEqual({ outcome: 'safe' });
    expect(leak.checkHome(HOME, 'in_person', at(5))).toEqual({ outcome: 'false_alarm', cause: 'leak' });
    expect(leak.checkHome('SW-0001', 'in_person', at(5))).toEqual({ outcome: 'false_alarm', cause: 'other' });
    expect(() => leak.checkHome('SW-0009', 'phone', at(5))).toThrow('SW-0009');
  });

  it('finds an ordinary day again after it was put right', () => {
    const town = townWith({ ...home, kind: 'stops' });
    town.resolve(HOME, at(30));

    expect(town.checkHome(HOME, 'phone', at(31)).outcome).toBe('false_alarm');
  });
});
