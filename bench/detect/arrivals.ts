import type { RegisterReading } from '../../src/domain/metering/register-reading.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { randomStream } from '../../simulator/random.ts';
import type { RecordedClock } from '../../src/detectors/backtest/recorded-clock.ts';

/**
 * How readings come: `hourly` at once; `packets` of four hours, 5 % of them lost; `daily` at some time in the first eight
 * hours of the next day; `late`, daily with a tenth of the days one to three days late and 2 % sent twice.
 */
export const ARRIVALS = ['hourly', 'packets', 'daily', 'late'] as const;
export type Arrival = (typeof ARRIVALS)[number];

/** Readings that come together. */
export interface Delivery {
  readonly arrivesMs: number;
  readonly readings: readonly RegisterReading[];
}

const PACKET_MS = 4 * HOUR_MS;
const PACKET_LOST = 0.05;
const NIGHT_MS = 8 * HOUR_MS;
const DAY_LATE = 0.1;
const DAY_REPEATED = 0.02;

/** When each of a meter's readings comes, in the order of coming. The same meter always meets the same chance. */
export function deliveriesOf(
  meter: string,
  readings: readonly RegisterReading[],
  arrival: Arrival,
  clock: RecordedClock,
): Delivery[] {
  if (arrival === 'hourly') return readings.map((reading) => ({ arrivesMs: reading.readAtMs, readings: [reading] }));
  if (arrival === 'packets') return packets(meter, readings);
  return days(meter, readings, arrival === 'late', clock);
}

/** A packet is sent when its four hours are over, and carries the readings taken in them. */
function packets(meter: string, readings: readonly RegisterReading[]): Delivery[] {
  return grouped(readings, ({ readAtMs }) => Math.ceil(readAtMs / PACKET_MS) * PACKET_MS).flatMap(([sentMs, group]) =>
    randomStream('packet', meter, sentMs).chance(PACKET_LOST) ? [] : [{ arrivesMs: sentMs, readings: group }],
  );
}

function days(meter: string, readings: readonly RegisterReading[], isLate: boolean, clock: RecordedClock): Delivery[] {
  const timeOfNightMs = randomStream('night', meter).whole(0, NIGHT_MS);
  const dayOf = ({ readAtMs }: RegisterReading) => Math.ceil(clock.shownAt(readAtMs) / DAY_MS) * DAY_MS;
  const deliveries = grouped(readings, dayOf).flatMap(([shownMidnightMs, group]) => {
    const newestMs = group.at(-1)?.readAtMs ?? 0;
    const untilMidnightMs = shownMidnightMs - clock.shownAt(newestMs);
    const dueMs = newestMs + untilMidnightMs + timeOfNightMs;
    if (!isLate) return [{ arrivesMs: dueMs, readings: group }];
    const chance = randomStream('day', meter, shownMidnightMs);
    const arrivesMs = dueMs + (chance.chance(DAY_LATE) ? chance.whole(1, 3) * DAY_MS : 0);
    const first = { arrivesMs, readings: group };
    return chance.chance(DAY_REPEATED) ? [first, { ...first, arrivesMs: arrivesMs + HOUR_MS }] : [first];
  });
  return deliveries.sort((a, b) => a.arrivesMs - b.arrivesMs);
}

function grouped(
  readings: readonly RegisterReading[],
  keyOf: (reading: RegisterReading) => number,
): [number, RegisterReading[]][] {
  const groups = new Map<number, RegisterReading[]>();
  for (const reading of readings) {
    const key = keyOf(reading);
    const group = groups.get(key);
    if (group) group.push(reading);
    else groups.set(key, [reading]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}
