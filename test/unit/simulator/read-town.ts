import { z } from 'zod';
import { intervalsOf } from '../../../src/domain/metering/interval-consumption.ts';
import { litres } from '../../../src/domain/metering/units.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import type { MeterMessage } from '../../../simulator/town/message-stream.ts';
import type { Town } from '../../../simulator/town/town.ts';

const reading = z.strictObject({ at: z.iso.datetime(), index_l: z.number().int().nonnegative() });
const lone = reading.extend({ seq: z.number().int() });
const batch = z.strictObject({ readings: z.array(reading).min(2), seq: z.number().int() });

export interface Reading {
  readonly atMs: number;
  readonly indexLitres: number;
}

/** The readings in a message, in its order. Throws when the payload is not what meters send. */
export function readingsIn({ payload }: MeterMessage): Reading[] {
  const sent = z.union([lone, batch]).parse(JSON.parse(payload));
  const readings = 'readings' in sent ? sent.readings : [sent];
  return readings.map(({ at, index_l }) => ({ atMs: Date.parse(at), indexLitres: index_l }));
}

export function seqOf({ payload }: MeterMessage): number {
  return z.object({ seq: z.number() }).parse(JSON.parse(payload)).seq;
}

/** The messages that share a key, in their order. */
export function groupBy(messages: Iterable<MeterMessage>, keyOf: (message: MeterMessage) => string): MeterMessage[][] {
  const groups = new Map<string, MeterMessage[]>();
  for (const message of messages) {
    const group = groups.get(keyOf(message));
    if (group) group.push(message);
    else groups.set(keyOf(message), [message]);
  }
  return [...groups.values()];
}

export function hoursAfter(start: Date, hours: number): Date {
  return new Date(start.getTime() + hours * HOUR_MS);
}

/** Everything one home's meter sent in `hours` from `from` on; from the beginning when that is left out. */
export function sentBy(town: Town, homeCode: string, hours: number, from = town.startAt): MeterMessage[] {
  const serial = town.homes.find(({ code }) => code === homeCode)?.meterSerial;
  const all = [...town.messagesBetween(from, hoursAfter(from, hours))];
  return all.filter(({ meterSerial }) => meterSerial === serial);
}

/** What the dial of a home showed by the messages of these hours, by the time of reading, each once. */
export function dialOf(town: Town, homeCode: string, hours: number, from = town.startAt): Reading[] {
  const byTime = new Map(
    sentBy(town, homeCode, hours, from)
      .flatMap(readingsIn)
      .map((each) => [each.atMs, each]),
  );
  return [...byTime.values()].toSorted((a, b) => a.atMs - b.atMs);
}

/** Litres in each hour between two times, by the dial. */
export function litresByHour(readings: readonly Reading[]): number[] {
  return intervalsOf(
    readings.map(({ atMs, indexLitres }) => ({ readAtMs: atMs, indexLitres: litres(indexLitres) })),
    { nominalIntervalMs: HOUR_MS, registerCapacityLitres: undefined },
  ).map(({ volumeLitres }) => volumeLitres);
}

/** The least sum over any `hours` neighbours. */
export function leastIn(volumes: readonly number[], hours: number): number {
  return Math.min(...windowsOf(volumes, hours).map((window) => window.reduce((sum, volume) => sum + volume, 0)));
}

/** The greatest flow, in litres an hour, that lasted for `hours` on end. */
export function longestFlow(volumes: readonly number[], hours: number): number {
  return Math.max(...windowsOf(volumes, hours).map((window) => Math.min(...window)));
}

function windowsOf(volumes: readonly number[], hours: number): number[][] {
  return Array.from({ length: volumes.length - hours + 1 }, (_, start) => volumes.slice(start, start + hours));
}
