import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { absenceEnd, isLastDay, type LastDays, lastDaysAt } from '../../domain/alerting/absence-dates.ts';
import { lastTimeOfDay } from '../../domain/alerting/checked-at.ts';
import {
  type Cause,
  CAUSES,
  type Method,
  METHODS,
  type Outcome,
  OUTCOMES,
  type Place,
  PLACES,
} from '../../domain/alerting/outcome.ts';

const LONGEST_NOTE = 1_000;

export type FormError =
  | 'outcome_missing'
  | 'method_missing'
  | 'cause_missing'
  | 'last_day_missing'
  | 'last_day_out_of_range'
  | 'checked_at_wrong'
  | 'note_too_long';

/** The fields of the form. A field sent twice or not at all counts as left empty. */
const sent = z.string().catch('');
const sentForm = z.object({
  outcome: z.enum(OUTCOMES).optional().catch(undefined),
  method: z.enum(METHODS).optional().catch(undefined),
  cause: z.enum(CAUSES).optional().catch(undefined),
  away_until: sent,
  checked_at: sent,
  place: z.enum(PLACES).optional().catch(undefined),
  note: sent.transform(tidyNote),
});

/** What somebody sent, as far as it can be shown to them again. */
export type SentForm = z.output<typeof sentForm>;
export const EMPTY_FORM: SentForm = { away_until: '', checked_at: '', note: '' };

/** Which field is wrong, and how. */
export type FormErrors = Readonly<Partial<Record<keyof SentForm, FormError>>>;

export interface RefusedForm {
  readonly form: SentForm;
  readonly errors: FormErrors;
}

/** A complete answer. */
export interface ParsedAnswer {
  readonly outcome: Outcome;
  /** May be missing from a call for help. */
  readonly method: Method | undefined;
  /** Only with a false alarm. */
  readonly cause: Cause | undefined;
  /** Only with `away`. */
  readonly awayUntil: Date | undefined;
  /** When they looked, where they say so. */
  readonly checkedAt: Date | undefined;
  readonly place: Place | undefined;
  readonly note: string;
}

/**
 * Reads the form that somebody sent at `at`. The outcome is the confirmation: a form without one, which is what a
 * program sends that only presses buttons, is refused like every other incomplete form, and handed back. Nothing but
 * the outcome is asked of somebody who calls for help.
 */
export function parseAnswer(body: unknown, at: Date, timeZone: string): Result<ParsedAnswer, RefusedForm> {
  const form = sentForm.catch(EMPTY_FORM).parse(body);
  const checkedAt = lastTimeOfDay(form.checked_at, at, timeZone);
  const errors = errorsOf(form, lastDaysAt(at, timeZone), checkedAt);
  const { outcome, method, cause, place, away_until: lastDay, note } = form;
  if (!outcome || Object.keys(errors).length > 0) return err({ form, errors });
  return ok({
    outcome,
    method,
    cause: outcome === 'false_alarm' ? cause : undefined,
    awayUntil: outcome === 'away' ? absenceEnd(lastDay, timeZone) : undefined,
    checkedAt,
    place,
    note: note.slice(0, LONGEST_NOTE),
  });
}

function errorsOf(form: SentForm, lastDays: LastDays, checkedAt: Date | undefined): FormErrors {
  if (!form.outcome) return { outcome: 'outcome_missing', ...methodError(form), ...noteError(form) };
  // Nothing may stand between somebody who calls for help and the desk: what is wrong beside it is left out.
  if (form.outcome === 'needs_help') return {};
  return {
    ...(form.outcome === 'false_alarm' && !form.cause && { cause: 'cause_missing' }),
    ...(form.outcome === 'away' && lastDayError(form.away_until, lastDays)),
    ...methodError(form),
    ...(form.checked_at !== '' && !checkedAt && { checked_at: 'checked_at_wrong' }),
    ...noteError(form),
  };
}

function methodError({ method }: SentForm): FormErrors {
  return method ? {} : { method: 'method_missing' };
}

function noteError({ note }: SentForm): FormErrors {
  return note.length > LONGEST_NOTE ? { note: 'note_too_long' } : {};
}

function lastDayError(lastDay: string, lastDays: LastDays): FormErrors {
  if (lastDay === '') return { away_until: 'last_day_missing' };
  const isDate = z.iso.date().safeParse(lastDay).success;
  return isDate && isLastDay(lastDay, lastDays) ? {} : { away_until: 'last_day_out_of_range' };
}

/** A note of its own, added later. Undefined when there is none, or too much of it. */
export function parseNote(body: unknown): string | undefined {
  const { note } = z
    .object({ note: sent.transform(tidyNote) })
    .catch({ note: '' })
    .parse(body);
  return note === '' || note.length > LONGEST_NOTE ? undefined : note;
}

/** Browsers send line breaks as two letters and count them as one; the database takes no zero byte. */
function tidyNote(note: string): string {
  return note.replaceAll('\r\n', '\n').replaceAll('\0', '').trim();
}
