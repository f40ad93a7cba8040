import { HOUR_MS } from '../../src/domain/time.ts';

export const LOADS = ['single', 'batch24'] as const;
/** `single` is one reading a message, `batch24` a day of hourly readings. */
export type Load = (typeof LOADS)[number];

/** What is published in one go: so many messages of 10,000 meters, each named by its place in the row. */
export interface Workload {
  readonly load: Load;
  readonly messages: number;
  /** How many of all messages say once more what an earlier one said: none, or a quarter. */
  readonly repeats: 0 | 0.25;
  /** Whether the messages come from one head-end that numbers them from 0 and wants to hear what is stored. */
  readonly isSequenced: boolean;
  /** Readings before this time, in milliseconds since 1970, belong to somebody else. */
  readonly firstAtMs: number;
}

/** The content of a message, before it is written as JSON. */
export interface MeterHours {
  /** Counts the meters of the fleet from 0. */
  readonly meter: number;
  /** Full hours since the first time of the workload. */
  readonly firstHour: number;
  readonly hours: number;
}

export interface Row {
  readonly meter: number;
  readonly readAtMs: number;
  readonly indexLitres: number;
}

export const METERS = 10_000;
/** When what is measured begins. What warms up lies a year before, and what asks whether anybody listens another. */
export const FIRST_AT_MS = Date.UTC(2025, 0, 1);
export const WARM_UP_AT_MS = Date.UTC(2024, 0, 1);
export const KNOCK_AT_MS = Date.UTC(2023, 0, 1);
/** Without a common factor with the number of meters, so it visits all of them in no order that an index would like. */
const STRIDE = 7_919;
/** A repeat follows what it repeats by up to so many messages: some meet it in the same batch, most do not. */
const REPEATED_WITHIN = 3_000;
/** All registers have nine digits, so that all messages of a load are equally long. */
const LEAST_INDEX_LITRES = 100_000_000;

export function readingsAMessage(load: Load): number {
  return load === 'single' ? 1 : 24;
}

/** The serial of the meter in the style of a manufacturer: `8BEN0100004711`. */
export function serialOf(meter: number): string {
  return `8BEN01${String(meter).padStart(8, '0')}`;
}

/** How many messages say something that no earlier one said. */
export function distinctMessages({ messages, repeats }: Pick<Workload, 'messages' | 'repeats'>): number {
  return repeats === 0 ? messages : messages - Math.floor((messages + 1) / 4);
}

/** How many rows there must be in the end. */
export function expectedRows(workload: Workload): number {
  return distinctMessages(workload) * readingsAMessage(workload.load);
}

/** What the message at this place says. With repeats, the third of every four says what an earlier one said. */
export function contentAt(workload: Workload, place: number): MeterHours {
  const distinct = distinctMessages({ messages: place, repeats: workload.repeats });
  const isRepeat = workload.repeats > 0 && place % 4 === 2;
  return distinctContent(workload.load, isRepeat ? earlierThan(distinct, place) : distinct);
}

function earlierThan(distinct: number, place: number): number {
  return Math.max(0, distinct - 1 - ((place * STRIDE) % REPEATED_WITHIN));
}

function distinctContent(load: Load, distinct: number): MeterHours {
  const hours = readingsAMessage(load);
  return { meter: (distinct * STRIDE) % METERS, firstHour: Math.floor(distinct / METERS) * hours, hours };
}

/** The rows that a message stands for, in the order in which it names them. */
export function rowsOf({ firstAtMs }: Pick<Workload, 'firstAtMs'>, { meter, firstHour, hours }: MeterHours): Row[] {
  return Array.from({ length: hours }, (_, i) => ({
    meter,
    readAtMs: firstAtMs + (firstHour + i) * HOUR_MS,
    indexLitres: LEAST_INDEX_LITRES + meter * 1_000 + (firstHour + i) * 11,
  }));
}

/** The row that a taker who works in order writes last. The last message is never a repeat. */
export function lastRow(workload: Workload): Row {
  const row = rowsOf(workload, contentAt(workload, workload.messages - 1)).at(-1);
  if (!row) throw new Error('a message without readings');
  return row;
}

/** A workload of about so many messages: with repeats the number is a multiple of four. */
export function workloadOf(given: Pick<Workload, 'load' | 'messages'> & Partial<Workload>): Workload {
  const messages = Math.max(4, Math.ceil(given.messages / 4) * 4);
  return { repeats: 0, isSequenced: false, firstAtMs: FIRST_AT_MS, ...given, messages };
}
