import { z } from 'zod';
import { err, type Result } from '../../core/result.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { wallClockIn } from '../../domain/wall-clock.ts';
import type { Rejection } from './decoder.ts';
import { readingTime } from './reading-time.ts';
import type { TimeMapping } from './telegram-mapping.ts';

/** Reads a time as the format writes it, in milliseconds since 1970, where it can be believed. */
export type TimeReader = (written: unknown, receivedAt: Date) => Result<number, Rejection>;

/** The last moment that a `Date` can hold. */
const MAX_EPOCH_MS = 8.64e15;
const iso = z.iso.datetime({ offset: true });
const DIGITS = /^\d{1,16}(\.\d{1,9})?$/;

/** Makes the reader of one format. A time that may be either of two moments is refused like one that is none. */
export function timeReader({ form, zone = 'UTC' }: Omit<TimeMapping, 'path'>): TimeReader {
  const momentsOf = momentReader(form, zone);
  return (written, receivedAt) => {
    if (written === undefined || written === null) return mismatch('missing');
    const moments = momentsOf(written);
    const [moment] = moments;
    if (moment === undefined) return mismatch('not a time of the form that was expected');
    if (moments.length > 1) return mismatch(`the clocks of ${zone} showed this twice`);
    return readingTime(new Date(moment).toISOString(), receivedAt);
  };
}

function momentReader(form: TimeMapping['form'], zone: string): (written: unknown) => readonly number[] {
  switch (form) {
    case 'iso':
      return (written) => (iso.safeParse(written).success ? believable(Date.parse(String(written))) : []);
    case 'local': {
      const shownBy = wallClockIn(zone);
      return (written) => (typeof written === 'string' && written.length <= 40 ? shownBy(written) : []);
    }
    case 'epoch_s':
      return (written) => believable(countOf(written) * SECOND_MS);
    case 'epoch_ms':
      return (written) => believable(countOf(written));
  }
}

function countOf(written: unknown): number {
  if (typeof written === 'number') return written;
  return typeof written === 'string' && DIGITS.test(written) ? Number(written) : Number.NaN;
}

/** A `Date` cuts off what is less than a millisecond, so that the same text is always the same moment. */
function believable(ms: number): readonly number[] {
  return Math.abs(ms) <= MAX_EPOCH_MS ? [ms] : [];
}

function mismatch(detail: string): Result<never, Rejection> {
  return err({ reason: 'schema_mismatch', detail });
}

/** The moment that a carrier says it heard the telegram: text that names its offset from UTC. */
export const carrierTime: TimeReader = timeReader({ form: 'iso' });

/** Whatever could be believed, checked once more: what is counted on from a time can lie elsewhere than it. */
export function momentTime(ms: number, receivedAt: Date): Result<number, Rejection> {
  const [moment] = believable(ms);
  return moment === undefined ? mismatch('not a time') : readingTime(new Date(moment).toISOString(), receivedAt);
}
