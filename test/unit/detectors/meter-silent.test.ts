import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentAfterMs } from '../../../src/detectors/meter-silent.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';

const rule = { afterHours: 26 };
const after = (periodHours: number | undefined, afterHours = 26) =>
  silentAfterMs({ afterHours }, periodHours === undefined ? undefined : periodHours * HOUR_MS) / HOUR_MS;

describe('a meter', () => {
  it('is silent after 26 hours where it is heard of every hour, or where nobody knows how often', () => {
    expect(after(undefined)).toBe(26);
    expect(after(1)).toBe(26);
    expect(after(20)).toBe(26);
  });

  it('is waited for until six hours after its upload is due where it is heard of more seldom', () => {
    expect(after(24)).toBe(30);
    expect(after(30.5)).toBe(36.5);
  });

  it('is waited for no longer than 54 hours, however seldom it is heard of, unless the policy says so', () => {
    expect(after(200)).toBe(54);
    expect(after(200, 72)).toBe(72);
  });

  it('is never silent sooner for being heard of more seldom', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 400, noNaN: true }),
        fc.double({ min: 0, max: 400, noNaN: true }),
        (a, b) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)].map((hours) => silentAfterMs(rule, hours * HOUR_MS));
          expect(less).toBeLessThanOrEqual(more!);
        },
      ),
    );
  });
});
