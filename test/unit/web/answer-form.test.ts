import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../../src/web/verification/answer-form.ts';

const NOW = new Date('2026-03-02T00:00:00Z');
const read = (body: unknown) => parseAnswer(body, NOW, 'Asia/Shanghai');
const errorsIn = (body: unknown) => {
  const parsed = read(body);
  return parsed.ok ? {} : parsed.error.errors;
};

describe('the form of an answer', () => {
  it.each([
    undefined,
    null,
    '',
    'outcome=safe',
    [],
    {},
    { outcome: '' },
    { outcome: ['safe', 'safe'], method: 'phone' },
  ])('is no confirmation without one chosen outcome: %j', (body) => {
    expect(errorsIn(body)).toMatchObject({ outcome: 'outcome_missing' });
  });

  it('takes an outcome and how it was found out, with or without a note', () => {
    expect(read({ outcome: 'safe', method: 'phone' })).toEqual({
      ok: true,
      value: { outcome: 'safe', method: 'phone', cause: undefined, awayUntil: undefined, note: '' },
    });
    expect(errorsIn({ outcome: 'safe' })).toEqual({ method: 'method_missing' });
    expect(errorsIn({ outcome: 'dead', method: 'phone' })).toEqual({ outcome: 'outcome_missing' });
  });

  it('asks for the reason of a false alarm, and forgets one that was chosen before another outcome', () => {
    expect(errorsIn({ outcome: 'false_alarm', method: 'phone', cause: '' })).toEqual({ cause: 'cause_missing' });
    expect(read({ outcome: 'false_alarm', method: 'phone', cause: 'leak' })).toMatchObject({
      value: { cause: 'leak' },
    });
    expect(read({ outcome: 'safe', method: 'phone', cause: 'leak' })).toMatchObject({ value: { cause: undefined } });
  });

  it.each([
    ['', 'last_day_missing'],
    ['2026-03-02', 'last_day_out_of_range'],
    ['2026-05-02', 'last_day_out_of_range'],
    ['2026-02-30', 'last_day_out_of_range'],
    ['tomorrow', 'last_day_out_of_range'],
  ])('takes %j for no last day of an absence', (awayUntil, error) => {
    expect(errorsIn({ outcome: 'away', method: 'phone', away_until: awayUntil })).toEqual({ away_until: error });
  });

  it('lets an absence end with the end of its last day, and forgets a date given with another outcome', () => {
    const form = { method: 'phone', away_until: '2026-03-03' };

    expect(read({ ...form, outcome: 'away' })).toMatchObject({
      value: { awayUntil: new Date('2026-03-03T16:00:00Z') },
    });
    expect(read({ ...form, outcome: 'safe' })).toMatchObject({ value: { awayUntil: undefined } });
  });

  it('counts a line break of a note once, as the browser does, and hands a longer note back whole', () => {
    const longest = `${'水'.repeat(499)}\r\n${'水'.repeat(500)}`;
    const form = { outcome: 'safe', method: 'phone' };

    expect(read({ ...form, note: longest })).toMatchObject({ ok: true });
    expect(read({ ...form, note: `${longest}水` })).toMatchObject({
      ok: false,
      error: { errors: { note: 'note_too_long' }, form: { note: `${longest}水`.replace('\r\n', '\n') } },
    });
  });

  it('keeps what the database could not out of a note', () => {
    expect(read({ outcome: 'safe', method: 'phone', note: ' a\0b ' })).toMatchObject({ value: { note: 'ab' } });
  });
});
