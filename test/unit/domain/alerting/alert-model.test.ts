import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Alert, type AlertEvent, openAlert, transition } from '../../../../src/domain/alerting/alert.ts';
import { DEFAULT_ESCALATION_POLICY, type EscalationPolicy } from '../../../../src/domain/alerting/escalation-policy.ts';
import { SEVERITIES, type Severity } from '../../../../src/domain/alerting/finding.ts';
import { OUTCOMES, type Outcome } from '../../../../src/domain/alerting/outcome.ts';
import { MINUTE_MS } from '../../../../src/domain/time.ts';

/** What a duty officer would note on paper about an alert: the model that the real one is held against. */
interface Note {
  readonly policy: EscalationPolicy;
  atMinute: number;
  closedAtMinute: number | undefined;
  gravity: Severity;
  /** Who is on the way, since which minute. */
  onTheWay: Map<number, number>;
  /** Since when as many are on the way as are needed, and who was the last. */
  reliedOn: { by: number; since: number } | undefined;
  putOffUntil: number | undefined;
  dueAtMinute: number;
  flowingSince: number | undefined;
  contradicted: boolean;
}

interface Real {
  alert: Alert;
}

type Command = fc.Command<Note, Real>;

/** Fires an event at both, and holds the real alert against the note afterwards. */
function command(
  label: string,
  event: (note: Note) => AlertEvent,
  expectTaken: (note: Note) => boolean,
  apply: (note: Note) => void,
): Command {
  return {
    check: () => true,
    run: (note, real) => {
      const before = real.alert;
      const next = transition(before, event(note), timeOf(note.atMinute));
      const taken = expectTaken(note);
      expect(next !== undefined, `${label} is taken`).toBe(taken);
      if (!next) return;
      apply(note);
      real.alert = next;
      compare(note, next);
      expect(next.step).toBeGreaterThanOrEqual(before.step);
      expect(next.policy).toEqual(note.policy);
    },
    toString: () => label,
  };
}

const isOpen = (note: Note) => note.closedAtMinute === undefined;
const isEmergency = (note: Note) => note.gravity === 'emergency';
const maySpeakForItself = (note: Note) => !note.policy.confirmRecovery && !isEmergency(note) && !note.contradicted;
/** Three hours of water, where that is enough. */
const endsByItselfAt = (note: Note) =>
  maySpeakForItself(note) && note.flowingSince !== undefined ? note.flowingSince + 180 : undefined;
const hasEnoughWater = (note: Note) => (endsByItselfAt(note) ?? Infinity) <= note.atMinute;

function compare(note: Note, alert: Alert): void {
  expect(alert.state).toBe(!isOpen(note) ? 'closed' : note.reliedOn ? 'claimed' : 'open');
  expect(alert.claimedBy).toBe(note.reliedOn?.by);
  expect(alert.nextStepAt).toEqual(isOpen(note) ? timeOf(note.dueAtMinute) : undefined);
  expect(alert.closedAt).toEqual(note.closedAtMinute === undefined ? undefined : timeOf(note.closedAtMinute));
  expect(alert.closeOutcome !== undefined).toBe(!isOpen(note));
  expect(alert.severity).toBe(note.gravity);
  expect(alert.recoveredAt).toEqual(note.flowingSince === undefined ? undefined : timeOf(note.flowingSince));
  expect(alert.snoozedUntil).toEqual(note.putOffUntil === undefined ? undefined : timeOf(note.putOffUntil));
}

function holdNothing(note: Note): void {
  note.onTheWay.clear();
  note.reliedOn = undefined;
  note.putOffUntil = undefined;
}

function close(note: Note): void {
  holdNothing(note);
  note.closedAtMinute = note.atMinute;
}

function callForHelp(note: Note): void {
  holdNothing(note);
  note.gravity = 'emergency';
  note.dueAtMinute = note.atMinute + 15;
}

function openAgain(note: Note, needsHelp: boolean): void {
  note.closedAtMinute = undefined;
  note.flowingSince = undefined;
  note.contradicted = true;
  note.dueAtMinute = note.atMinute;
  if (needsHelp) callForHelp(note);
}

/** The water stops again: whoever was spared is asked now, or when nobody is on the way or it is put off no more. */
function stopFlowing(note: Note): void {
  if (endsByItselfAt(note) !== undefined) {
    const heldUntil = note.reliedOn ? note.reliedOn.since + 30 : (note.putOffUntil ?? 0);
    note.dueAtMinute = Math.min(note.dueAtMinute, Math.max(note.atMinute, heldUntil));
  }
  note.flowingSince = undefined;
}

function forgetLateComers(note: Note): void {
  for (const [by, since] of note.onTheWay) if (since + 30 <= note.atMinute) note.onTheWay.delete(by);
}

const wait = (minutes: number): Command => ({
  check: () => true,
  run: (note) => {
    note.atMinute += minutes;
  },
  toString: () => `wait ${minutes} min`,
});

/** With the default steps every one, and every repetition of the last, comes after a quarter of an hour. */
const nextStep = (): Command =>
  command(
    'next step',
    () => ({ type: 'escalated' }),
    (note) => isOpen(note) && note.dueAtMinute <= note.atMinute && !hasEnoughWater(note),
    (note) => {
      if (note.reliedOn) note.onTheWay.clear();
      else forgetLateComers(note);
      note.reliedOn = undefined;
      note.putOffUntil = undefined;
      note.dueAtMinute = note.atMinute + 15;
    },
  );

const onTheWay = (by: number): Command =>
  command(
    `person ${by} on the way`,
    () => ({ type: 'claimed', by }),
    (note) => {
      if (!isOpen(note) || isEmergency(note)) return false;
      if (note.reliedOn) return note.reliedOn.by !== by;
      return (note.onTheWay.get(by) ?? -Infinity) + 30 <= note.atMinute;
    },
    (note) => {
      if (!note.reliedOn) forgetLateComers(note);
      note.onTheWay.set(by, note.atMinute);
      if (note.onTheWay.size < note.policy.acknowledgementsNeeded && !note.reliedOn) return;
      // Taking over from another does not buy more time.
      if (!note.reliedOn) note.dueAtMinute = note.atMinute + 30;
      note.reliedOn = { by, since: note.atMinute };
      note.putOffUntil = undefined;
    },
  );

const putOff = (minutes: number): Command =>
  command(
    `put off for ${minutes} min`,
    (note) => ({ type: 'snoozed', by: 9, until: timeOf(note.atMinute + minutes) }),
    (note) => isOpen(note) && !isEmergency(note) && note.putOffUntil === undefined && minutes > 0 && minutes <= 240,
    (note) => {
      holdNothing(note);
      note.putOffUntil = note.dueAtMinute = note.atMinute + minutes;
    },
  );

const lateData = (): Command =>
  command(
    'late readings show that it was never true',
    () => ({ type: 'withdrawn' }),
    (note) => isOpen(note) && !isEmergency(note) && !note.contradicted,
    close,
  );

const waterSpeaks = (): Command =>
  command(
    'the water has been back for hours',
    () => ({ type: 'water_returned' }),
    (note) => isOpen(note) && hasEnoughWater(note),
    close,
  );

const water = (runs: boolean): Command =>
  command(
    runs ? 'water runs again' : 'water stops again',
    () => ({ type: runs ? 'recovered' : 'relapsed' }),
    (note) => isOpen(note) && (note.flowingSince !== undefined) !== runs,
    (note) => {
      if (!runs) {
        stopFlowing(note);
        return;
      }
      note.flowingSince = note.atMinute;
      note.dueAtMinute = endsByItselfAt(note) ?? note.dueAtMinute;
    },
  );

const joined = (severity: Severity): Command =>
  command(
    `${severity} finding`,
    () => ({ type: 'finding_joined', severity }),
    isOpen,
    (note) => {
      if (note.flowingSince !== undefined) stopFlowing(note);
      if (SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(note.gravity)) return;
      note.gravity = severity;
      if (note.putOffUntil === undefined) return;
      holdNothing(note);
      note.dueAtMinute = note.atMinute;
    },
  );

const answer = (outcome: Outcome, mayEndEmergency: boolean): Command =>
  command(
    `${outcome}${mayEndEmergency ? ' from the desk' : ''}`,
    () => ({ type: 'verified', outcome, cause: undefined, mayEndEmergency }),
    isOpen,
    (note) => noteAnswer(note, outcome, mayEndEmergency),
  );

function noteAnswer(note: Note, outcome: Outcome, mayEndEmergency: boolean): void {
  if (outcome === 'needs_help') {
    callForHelp(note);
  } else if (isEmergency(note) && !mayEndEmergency) {
    return;
  } else if (outcome === 'could_not_reach') {
    holdNothing(note);
    note.dueAtMinute = note.atMinute;
  } else {
    close(note);
  }
}

const contradiction = (needsHelp: boolean): Command =>
  command(
    needsHelp ? 'it was over, but help is needed' : 'it was over, but nobody can find them',
    () => ({ type: 'reopened', needsHelp }),
    (note) => !isOpen(note),
    (note) => openAgain(note, needsHelp),
  );

interface Correction {
  readonly was: Outcome;
  readonly outcome: Outcome;
  readonly minutesAgo: number;
  readonly closedIt: boolean;
}

const correction = ({ was, outcome, minutesAgo, closedIt }: Correction): Command =>
  command(
    `not ${was} but ${outcome}, ${minutesAgo} min later`,
    (note) => ({
      type: 'corrected',
      was,
      outcome,
      cause: undefined,
      answeredAt: timeOf(note.atMinute - minutesAgo),
      closedIt,
      severityWithout: 'warning',
      mayEndEmergency: false,
    }),
    () => minutesAgo <= 10,
    (note) => noteCorrection(note, { was, outcome, minutesAgo, closedIt }),
  );

function noteCorrection(note: Note, { was, outcome, closedIt }: Correction): void {
  const ends = outcome !== 'needs_help' && outcome !== 'could_not_reach';
  if (isOpen(note)) {
    if (was === 'needs_help') note.gravity = 'warning';
    noteAnswer(note, outcome, false);
  } else if (outcome === 'needs_help' || (closedIt && !ends)) {
    openAgain(note, outcome === 'needs_help');
  }
}

const outcome = fc.constantFrom(...OUTCOMES);
const commands = fc.commands<Note, Real>(
  [
    fc.integer({ min: 1, max: 40 }).map(wait),
    fc.constant(wait(180)),
    fc.constant(nextStep()),
    fc.constant(nextStep()),
    fc.constant(lateData()),
    fc.constant(waterSpeaks()),
    fc.integer({ min: 1, max: 3 }).map(onTheWay),
    fc.integer({ min: 0, max: 300 }).map(putOff),
    fc.boolean().map(water),
    fc.constantFrom(...SEVERITIES).map(joined),
    fc.tuple(outcome, fc.boolean()).map(([found, desk]) => answer(found, desk)),
    fc.boolean().map(contradiction),
    fc
      .record({ was: outcome, outcome, minutesAgo: fc.integer({ min: 0, max: 12 }), closedIt: fc.boolean() })
      .map(correction),
  ],
  { maxCommands: 60 },
);

const policies = fc.record({ confirmRecovery: fc.boolean(), acknowledgementsNeeded: fc.integer({ min: 1, max: 3 }) });

it('does what the duty officer noted, whatever happens in whatever order, and falls silent only when closed', () => {
  fc.assert(
    fc.property(policies, commands, (chosen, happenings) => {
      const policy: EscalationPolicy = { ...DEFAULT_ESCALATION_POLICY, ...chosen };
      fc.modelRun(
        () => ({ model: freshNote(policy), real: { alert: openAlert(policy, 'warning', timeOf(0)) } }),
        happenings,
      );
    }),
    { numRuns: 1_000 },
  );
});

function freshNote(policy: EscalationPolicy): Note {
  return {
    policy,
    atMinute: 0,
    closedAtMinute: undefined,
    gravity: 'warning',
    onTheWay: new Map(),
    reliedOn: undefined,
    putOffUntil: undefined,
    dueAtMinute: 15,
    flowingSince: undefined,
    contradicted: false,
  };
}

function timeOf(atMinute: number): Date {
  return new Date(Date.UTC(2026, 2, 2) + atMinute * MINUTE_MS);
}
