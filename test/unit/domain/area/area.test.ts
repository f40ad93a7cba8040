import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_AREA_POLICY, mostAlertsAnHour } from '../../../../src/domain/area/area-policy.ts';
import { chanceOf, isOutage, isRecovered } from '../../../../src/domain/area/area-share.ts';
import { decideHold } from '../../../../src/domain/area/decide-hold.ts';
import { type AreaCell, findOutages } from '../../../../src/domain/area/find-outages.ts';

const policy = DEFAULT_AREA_POLICY;
const { dry, silent } = policy.causes;
const NOON = new Date('2026-03-03T04:00:00Z');
const after = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);

const cell = (community: string, gateway: string, homes: number, dryHomes: number): AreaCell => ({
  community,
  gateway,
  dma: 'D1',
  counts: { silent: { homes, affected: 0 }, dry: { homes, affected: dryHomes } },
});

describe('one outage or many troubles', () => {
  it('is told by the share of homes that would use water and do not', () => {
    expect(isOutage({ homes: 100, affected: 81 }, 0.35, dry, policy)).toBe(true);
    expect(isOutage({ homes: 100, affected: 80 }, 0.35, dry, policy)).toBe(false);
    expect(isOutage({ homes: 100, affected: 97 }, 0.9, dry, policy)).toBe(false);
    expect(isOutage({ homes: 9, affected: 9 }, 0.05, dry, policy)).toBe(false);
  });

  it('takes a third of a gateway that is not heard of for an outage', () => {
    expect(isOutage({ homes: 60, affected: 21 }, 0.05, silent, policy)).toBe(true);
    expect(isOutage({ homes: 60, affected: 15 }, 0.05, silent, policy)).toBe(false);
  });

  it('is not seen in a handful of homes by chance', () => {
    expect(chanceOf({ homes: 10, affected: 10 }, 0.35)).toBeCloseTo(0.35 ** 10, 12);
    expect(isOutage({ homes: 10, affected: 10 }, 0.35, dry, policy)).toBe(false);
  });

  it('never rates more homes as likelier', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.nat(),
        fc.double({ min: 0.01, max: 0.97, noNaN: true }),
        (homes, k, usual) => {
          const affected = k % homes;
          expect(chanceOf({ homes, affected: affected + 1 }, usual)).toBeLessThanOrEqual(
            chanceOf({ homes, affected }, usual),
          );
        },
      ),
    );
  });

  it('is over when half of what made it one is gone, or nobody is left', () => {
    expect(isRecovered({ homes: 100, affected: 60 }, 0.35, dry)).toBe(false);
    expect(isRecovered({ homes: 100, affected: 57 }, 0.35, dry)).toBe(true);
    expect(isRecovered({ homes: 0, affected: 0 }, 0.35, dry)).toBe(true);
  });
});

describe('an outage seen from several sides', () => {
  const usual = () => 0.35;

  it('is told once: as the widest that is wholly out, or the narrowest of equals', () => {
    const cells = [cell('a', 'G1', 50, 50), cell('b', 'G2', 50, 50), cell('c', 'G3', 400, 100)];
    expect(findOutages(cells.slice(0, 1), 'dry', usual, policy).map(({ scope }) => scope)).toEqual([
      { kind: 'gateway', name: 'G1' },
    ]);
    const [found, ...others] = findOutages(cells.slice(0, 2), 'dry', usual, policy);
    expect(found).toMatchObject({ scope: { kind: 'dma', name: 'D1' }, homes: 100, affected: 100 });
    expect(others).toEqual([]);
  });

  it('is two where two parts of a town are out and the rest is not', () => {
    const cells = [cell('a', 'G1', 50, 50), cell('b', 'G2', 50, 50), cell('c', 'G3', 400, 100)];
    expect(findOutages(cells, 'dry', usual, policy).map(({ scope }) => scope.name)).toEqual(['G1', 'G2']);
  });
});

describe('an alert', () => {
  const free = { tier: 2, outageUntil: undefined, hold: undefined, hasRoom: true, isHoliday: false } as const;
  const queued = { cause: 'volume', heldAt: NOON, heldUntil: after(120) } as const;

  it('is raised at once where nothing is in its way', () => {
    expect(decideHold(free, NOON, policy)).toBeUndefined();
  });

  it('waits for its outage, and not a minute longer', () => {
    const waiting = { ...free, outageUntil: after(90) };
    expect(decideHold(waiting, NOON, policy)).toEqual({ cause: 'outage', until: after(90) });
    expect(decideHold(waiting, after(90), policy)).toBeUndefined();
  });

  it('waits two hours at most, however many outages follow each other', () => {
    const hold = { cause: 'outage', heldAt: NOON, heldUntil: after(90) } as const;
    const waiting = { ...free, hold, outageUntil: after(500) };
    expect(decideHold(waiting, after(100), policy)).toEqual({ cause: 'outage', until: after(120) });
    expect(decideHold(waiting, after(120), policy)).toBeUndefined();
  });

  it('queues where there are too many, twice as long on holidays, but never in the first tier', () => {
    const waiting = { ...free, hasRoom: false };
    expect(decideHold(waiting, NOON, policy)).toEqual({ cause: 'volume', until: after(120) });
    expect(decideHold({ ...waiting, isHoliday: true }, NOON, policy)).toEqual({ cause: 'volume', until: after(240) });
    expect(decideHold({ ...waiting, tier: 1 }, NOON, policy)).toBeUndefined();
  });

  it('that queues is raised when there is room, or when its time is up, and waits for no outage any more', () => {
    const waiting = { ...free, hold: queued, hasRoom: false };
    expect(decideHold({ ...waiting, hasRoom: true }, after(10), policy)).toBeUndefined();
    expect(decideHold({ ...waiting, outageUntil: after(500) }, after(60), policy)).toEqual({
      cause: 'volume',
      until: after(120),
    });
    expect(decideHold({ ...waiting, outageUntil: after(500) }, after(120), policy)).toBeUndefined();
  });

  it('never waits beyond the hold and the queue together, whatever happens on the way', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3),
        fc.array(fc.record({ out: fc.option(fc.nat(600)), room: fc.boolean() }), { maxLength: 60 }),
        (tier, looks) => {
          const most = (policy.holdHours + policy.queueHours[tier]) * 60;
          let hold: Parameters<typeof decideHold>[0]['hold'];
          let minutes = 0;
          for (const { out, room } of looks) {
            const outageUntil = out === null ? undefined : after(minutes + out);
            const wait = decideHold({ ...free, tier, outageUntil, hold, hasRoom: room }, after(minutes), policy);
            if (!wait) return;
            hold = { cause: wait.cause, heldAt: hold?.heldAt ?? after(minutes), heldUntil: wait.until };
            expect(wait.until.getTime()).toBeLessThanOrEqual(after(most).getTime());
            minutes += 15;
          }
        },
      ),
    );
  });
});

it('lets a town have twenty alerts an hour, and a city one of a hundred homes', () => {
  expect([100, 2_000, 36_000].map((homes) => mostAlertsAnHour(policy, homes))).toEqual([20, 20, 360]);
});
