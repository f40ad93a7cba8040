import { z } from 'zod';
import { systemClock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { code, serial, wholeNumber } from '../../roster/cells.ts';

/** @throws AppError `input_invalid` when no meter can be called so: wildcards of topics among others. */
export function readSerial(text: string): string {
  return read(text, serial, 'serial');
}

/** @throws AppError `input_invalid` when no household can be called so. */
export function readHousehold(text: string): string {
  return read(text, code, 'household');
}

const moment = z.iso.datetime({ offset: true, error: 'expected a time with its zone: 2026-03-01T10:00:00+08:00' });

/** Now, when no time is given. @throws AppError `input_invalid` when it is none, or without a zone. */
export function readTime(text: string | undefined): Date {
  return text === undefined ? systemClock.now() : new Date(read(text, moment, 'time'));
}

const week = z.iso.date({ error: 'expected its Monday: 2026-03-02' });

/** @throws AppError `input_invalid` when it is no date. */
export function readWeek(text: string): string {
  return read(text, week, 'week');
}

const litres = wholeNumber(0, 999_999_999_999);
const capacity = wholeNumber(1, 999_999_999_999);
const seconds = wholeNumber(1, 172_800);

/** @throws AppError `input_invalid` when it is no volume in whole litres. */
export function readLitres(text: string | undefined): number | undefined {
  return text === undefined ? undefined : read(text, litres, 'index');
}

/** What is said of a device: the options of `register` and `exchange`. */
export interface TraitOptions {
  readonly interval?: string;
  readonly capacity?: string;
}

/** @throws AppError `input_invalid` when an option is out of bounds. */
export function readTraits({ interval, capacity: dial }: TraitOptions) {
  return {
    nominalIntervalS: interval === undefined ? undefined : read(interval, seconds, 'interval'),
    registerCapacityL: dial === undefined ? undefined : read(dial, capacity, 'capacity'),
  };
}

/** @throws AppError `input_invalid` with what was expected. */
export function read<Schema extends z.ZodType>(text: string, schema: Schema, what: string): z.output<Schema> {
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  throw new AppError('input_invalid', `${what} "${text}": ${result.error.issues[0]?.message ?? 'not understood'}`);
}
