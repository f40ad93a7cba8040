import { describe, expect, it } from 'vitest';
import { runningWater } from '../../../src/detectors/running-water.ts';
import { episodesOf, home, hour, hoursOf } from './homes.ts';

const rule = {
  flows: [
    { hours: 2, litresPerHour: 200 },
    { hours: 4, litresPerHour: 60 },
  ],
  volumes: [{ hours: 4, litres: 1_000 }],
};
const episodes = (...args: Parameters<typeof home>) => episodesOf(runningWater, home(...args), rule);

describe('running water', () => {
  it('speaks after two hours of an open tap', () => {
    const [episode] = episodes([5, 0, 0, 220, 230, 240]);

    expect(episode?.beganAtMs).toBe(hour(5));
    expect(episode?.evidence).toEqual({
      detector: 'running-water',
      hours: 2,
      leastLitresPerHour: 220,
      litres: 450,
      asOfMs: hour(5),
    });
  });

  it('does not mistake a long bath for it', () => {
    expect(episodes([5, 260, 40, 0, 0])).toEqual([]);
  });

  it('finds a smaller flow when it lasts longer', () => {
    expect(episodes([0, ...hoursOf(4, 61)])).toHaveLength(1);
    expect(episodes([0, ...hoursOf(4, 59)])).toEqual([]);
  });

  it('finds a great volume however it ran', () => {
    expect(episodes([0, 700, 0, 300, 0])).toHaveLength(1);
  });

  it('does not fill in hours that were not heard', () => {
    expect(episodes([0, 250, undefined, undefined, 250])).toEqual([]);
  });

  it('ends when the tap is closed', () => {
    const [episode] = episodes([0, 220, 230, 0]);

    expect(episode?.endedAtMs).toBe(hour(4));
  });

  it('speaks in a home whose people are away', () => {
    const away = { kind: 'absence' as const, fromMs: hour(0), untilMs: hour(90) };

    expect(episodes([0, 220, 230], [away])).toHaveLength(1);
  });

  it('waits a day after a home check before it speaks of the same water again', () => {
    const check = { kind: 'check' as const, fromMs: hour(4), untilMs: hour(4) };
    const found = episodes([0, ...hoursOf(40, 220)], [check]);

    expect(found.map(({ beganAtMs }) => beganAtMs)).toEqual([hour(3), hour(29)]);
  });
});
