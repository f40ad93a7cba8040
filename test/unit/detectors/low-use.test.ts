import { homeSeries } from '../../../src/detectors/home-series.ts';
import { describe, expect, it } from 'vitest';
import { lastUseBefore, lowUse, lowUseVerdictAt } from '../../../src/detectors/low-use.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { episodesOf, home, hour, hoursOf } from './homes.ts';

const rule = { windowHours: 24, floorLitres: 6, minCoverage: 0.9 };
const episodes = (...args: Parameters<typeof home>) => episodesOf(lowUse, home(...args), rule);

describe('low use', () => {
  it('speaks when a full day has passed since the last water, and names the last use', () => {
    const [episode, ...others] = episodes([...hoursOf(10, 12), ...hoursOf(30, 0)]);

    expect(others).toEqual([]);
    expect(episode).toMatchObject({ beganAtMs: hour(34), endedAtMs: undefined });
    expect(episode?.evidence).toMatchObject({ litres: 0, lastUseAtMs: hour(10), asOfMs: hour(34) });
  });

  it('stays quiet one litre above the floor and speaks one litre below it', () => {
    const lastEvening = (volume: number) => [...hoursOf(10, 12), ...hoursOf(20, 0), volume, ...hoursOf(19, 0)];

    expect(episodes(lastEvening(6))).toEqual([]);
    expect(episodes(lastEvening(5))).toHaveLength(1);
  });

  it('ends when water is used again', () => {
    const [episode] = episodes([...hoursOf(10, 12), ...hoursOf(30, 0), 9, 0]);

    expect(episode?.endedAtMs).toBe(hour(41));
  });

  it('does not take lost readings for a dry home', () => {
    const unheard = [...hoursOf(10, 12), ...hoursOf(30, undefined)];

    expect(episodes(unheard)).toEqual([]);
  });

  it('takes a gap in which the register did not move for proof that nothing ran', () => {
    expect(episodes([...hoursOf(10, 12), ...hoursOf(25, undefined), 0])).toHaveLength(1);
  });

  it('takes a gap in which the register moved for a sign of life', () => {
    expect(episodes([...hoursOf(10, 12), 0, ...hoursOf(22, undefined), 8, ...hoursOf(3, 0)])).toEqual([]);
  });

  it('cannot tell after a gap that moved a little, and says so instead of guessing', () => {
    const drift = home([...hoursOf(10, 12), 0, ...hoursOf(22, undefined), 3, 0]);

    expect(lowUseVerdictAt(drift, rule, hour(35))).toBe('CANNOT_TELL');
  });

  it('judges nothing while a person has said that the home is empty, nor until a window after', () => {
    const away = { kind: 'absence' as const, fromMs: hour(10), untilMs: hour(50) };
    const [episode] = episodes([...hoursOf(10, 12), ...hoursOf(80, 0)], [away]);

    expect(episode?.beganAtMs).toBe(hour(75));
  });

  it('speaks again a full window after a home check when still no water is used', () => {
    const check = { kind: 'check' as const, fromMs: hour(36), untilMs: hour(36) };
    const found = episodes([...hoursOf(10, 12), ...hoursOf(80, 0)], [check]);

    expect(found.map(({ beganAtMs, endedAtMs }) => [beganAtMs, endedAtMs])).toEqual([
      [hour(34), hour(36)],
      [hour(61), undefined],
    ]);
  });

  it('needs every meter of the home to prove that nothing ran', () => {
    const kitchen = home([...hoursOf(10, 12), ...hoursOf(30, 0)]).meters;
    const bath = home([...hoursOf(10, 12), ...hoursOf(30, undefined)]).meters;

    expect(episodesOf(lowUse, homeSeries({ meters: [...kitchen, ...bath], excuses: [] }), rule)).toEqual([]);
    expect(lowUse.lookbackMs(rule)).toBe((24 + 26) * HOUR_MS);
  });

  it('goes on through readings that say too little to judge by', () => {
    const holey = [...hoursOf(10, 12), ...hoursOf(30, 0), ...hoursOf(10, undefined), 3, ...hoursOf(3, 0)];

    expect(episodes(holey).map(({ endedAtMs }) => endedAtMs)).toEqual([undefined]);
  });

  it('counts what ran in a gap, and names the last use of whichever meter saw it', () => {
    const generous = { ...rule, floorLitres: 20, minCoverage: 0.5 };
    const kitchen = home([...hoursOf(10, 12), ...hoursOf(20, 0), undefined, undefined, 7, ...hoursOf(2, 0)]).meters;
    const bath = home([...hoursOf(10, 12), ...hoursOf(10, 0), 2, ...hoursOf(14, 0)]).meters;
    const [episode] = episodesOf(lowUse, homeSeries({ meters: [...kitchen, ...bath], excuses: [] }), generous);

    expect(episode).toMatchObject({ beganAtMs: hour(34), evidence: { litres: 9, lastUseAtMs: hour(33) } });
  });

  it('names as last use what is known from before its readings, but nothing that came after', () => {
    const dry = home(hoursOf(30, 0));
    const lastUse = (knownUseMs: number | undefined) => lastUseBefore({ ...dry, knownUseMs }, hour(24));

    expect(lastUse(hour(-40))).toBe(hour(-40));
    expect(lastUse(hour(24))).toBe(hour(24));
    expect(lastUse(hour(25))).toBeUndefined();
    expect(lastUse(undefined)).toBeUndefined();
    expect(lastUseBefore({ ...home([...hoursOf(3, 4), ...hoursOf(9, 0), 4]), knownUseMs: hour(0) }, hour(12))).toBe(
      hour(3),
    );
  });

  it('does not take a dripping tap for a person, however long it drips', () => {
    const dripping = [...hoursOf(30, 3).map((volume, i) => (i % 3 === 0 ? volume : 1)), ...hoursOf(50, 1)];
    const lived = dripping.map((volume, i) => (i > 30 && i % 20 === 0 ? (volume ?? 0) + 6 : volume));

    expect(episodesOf(lowUse, home(dripping), rule)).toMatchObject([{ endedAtMs: undefined }]);
    expect(episodesOf(lowUse, home(lived), rule)).toEqual([]);
  });
});
