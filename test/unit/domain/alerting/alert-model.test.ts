import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Alert, type AlertEvent, openAlert, transition } from '../../../../src/domain/alerting/alert.ts';
import { DEFAULT_ESCALATION_POLICY as policy } from '../../../../src/domain/alerting/escalation-policy.ts';
import { SEVERITIES } from '../../../../src/domain/alerting/finding.ts';
import { OUTCOMES } from '../../../../src/domain/alerting/outcome.ts';
import { MINUTE_MS } from '../../../../src/domain/time.ts';

/** What a duty officer would note on paper about an alert: the model that the real one is held against. */
interface Note {
  atMinute: number;
  closed: boolean;
  emergency: boolean;
  onTheWay: number | undefined;
  dueAtMinute: number;
  flowing: boolean;
}

interface Real {
  alert: Alert;
}

type Command = fc.Command<Note, Real>;

/** Fires an event at both, and holds the real alert against the note afterwards. */
function command(label: string, event: AlertEvent, expectTaken: (note: Note) => boolean, apply: (note: Note) => void) {
  return {
    check: () => true,
    run: (note: Note, real: Real) => {
      const before = real.alert;
      const next = transition(before, event, timeOf(note.atMinute));
      const taken = !note.closed && expectTaken(note);
      expect(next !== undefined, `${label} is taken`).toBe(taken);
      if (!next) return;
      apply(note);
      real.alert = next;
      compare(note, next);
      expectNeverMilder(before, next);
    },
    toString: () => label,
  } satisfies Command;
}

function compare(note: Note, alert: Alert): void {
  expect(alert.state).toBe(note.closed ? 'closed' : note.onTheWay === undefined ? 'open' : 'claimed');
  expect(alert.claimedBy).toBe(note.onTheWay);
  expect(alert.nextStepAt).toEqual(note.closed ? undefined : timeOf(note.dueAtMinute));
  expect(alert.closedAt).toEqual(note.closed ? timeOf(note.atMinute) : undefined);
  expect(alert.closeOutcome !== undefined).toBe(note.closed);
  expect(alert.severity === 'emergency').toBe(note.emergency);
  expect(alert.recoveredAt !== undefined).toBe(note.flowing);
}

function expectNeverMilder(before: Alert, after: Alert): void {
  expect(SEVERITIES.indexOf(after.severity)).toBeGreaterThanOrEqual(SEVERITIES.indexOf(before.severity));
  expect(after.step).toBeGreaterThanOrEqual(before.step);
  expect(after.policy).toEqual(policy);
}

const wait = (minutes: number): Command => ({
  check: () => true,
  run: (note) => {
    note.atMinute += minutes;
  },
  toString: () => `wait ${minutes} min`,
});

/** With the default policy every step, and every repetition of the last one, comes after a quarter of an hour. */
const nextStep = (): Command =>
  command(
    'next step',
    { type: 'escalated' },
    (note) => note.dueAtMinute <= note.atMinute,
    (note) => {
      note.onTheWay = undefined;
      note.dueAtMinute = note.atMinute + 15;
    },
  );

const onTheWay = (by: number): Command =>
  command(
    `person ${by} on the way`,
    { type: 'claimed', by },
    (note) => !note.emergency && note.onTheWay !== by,
    (note) => {
      // Taking over from another does not buy more time.
      if (note.onTheWay === undefined) note.dueAtMinute = note.atMinute + 30;
      note.onTheWay = by;
    },
  );

const lateData = (): Command =>
  command(
    'late readings show that it was never true',
    { type: 'withdrawn' },
    (note) => !note.emergency,
    (note) => {
      Object.assign(note, { closed: true, onTheWay: undefined });
    },
  );

const water = (runs: boolean): Command =>
  command(
    runs ? 'water runs again' : 'water stops again',
    { type: runs ? 'recovered' : 'relapsed' },
    (note) => note.flowing !== runs,
    (note) => {
      note.flowing = runs;
    },
  );

const joined = (severity: (typeof SEVERITIES)[number]): Command =>
  command(
    `${severity} finding`,
    { type: 'finding_joined', severity },
    () => true,
    (note) => {
      note.flowing = false;
      note.emergency ||= severity === 'emergency';
    },
  );

const answer = (outcome: (typeof OUTCOMES)[number], mayEndEmergency: boolean): Command =>
  command(
    `${outcome}${mayEndEmergency ? ' from the desk' : ''}`,
    { type: 'verified', outcome, cause: undefined, mayEndEmergency },
    () => true,
    (note) => noteAnswer(note, outcome, mayEndEmergency),
  );

function noteAnswer(note: Note, outcome: (typeof OUTCOMES)[number], mayEndEmergency: boolean): void {
  if (outcome === 'needs_help') {
    Object.assign(note, { emergency: true, onTheWay: undefined, dueAtMinute: note.atMinute + 15 });
  } else if (note.emergency && !mayEndEmergency) {
    return;
  } else if (outcome === 'could_not_reach') {
    Object.assign(note, { onTheWay: undefined, dueAtMinute: note.atMinute });
  } else {
    Object.assign(note, { closed: true, onTheWay: undefined });
  }
}

const commands = fc.commands<Note, Real>(
  [
    fc.integer({ min: 1, max: 40 }).map(wait),
    fc.constant(nextStep()),
    fc.constant(lateData()),
    fc.integer({ min: 1, max: 3 }).map(onTheWay),
    fc.boolean().map(water),
    fc.constantFrom(...SEVERITIES).map(joined),
    fc.tuple(fc.constantFrom(...OUTCOMES), fc.boolean()).map(([outcome, desk]) => answer(outcome, desk)),
  ],
  { maxCommands: 60 },
);

it('does what the duty officer noted, whatever happens in whatever order, and falls silent only when closed', () => {
  fc.assert(
    fc.property(commands, (happenings) => {
      fc.modelRun(
        () => ({
          model: {
            atMinute: 0,
            closed: false,
            emergency: false,
            onTheWay: undefined,
            dueAtMinute: 15,
            flowing: false,
          },
          real: { alert: openAlert(policy, 'urgent', timeOf(0)) },
        }),
        happenings,
      );
    }),
    { numRuns: 500 },
  );
});

function timeOf(atMinute: number): Date {
  return new Date(Date.UTC(2026, 2, 2) + atMinute * MINUTE_MS);
}
