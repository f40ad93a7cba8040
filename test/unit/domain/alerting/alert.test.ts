import { describe, expect, it } from 'vitest';
import { type Alert, type AlertEvent, openAlert, transition } from '../../../../src/domain/alerting/alert.ts';
import { DEFAULT_ESCALATION_POLICY as policy } from '../../../../src/domain/alerting/escalation-policy.ts';
import type { Outcome } from '../../../../src/domain/alerting/outcome.ts';
import { MINUTE_MS } from '../../../../src/domain/time.ts';

const OPENED = new Date('2026-03-02T08:00:00Z');
const minute = (count: number) => new Date(OPENED.getTime() + count * MINUTE_MS);
const answered = (outcome: Outcome, mayEndEmergency = false): AlertEvent => ({
  type: 'verified',
  outcome,
  cause: undefined,
  mayEndEmergency,
});

/** What becomes of an urgent alert opened at minute 0 when these things happen; none of them may be refused. */
function after(...events: [atMinute: number, event: AlertEvent][]): Alert {
  return events.reduce(
    (alert, [atMinute, event]) => {
      const next = transition(alert, event, minute(atMinute));
      if (!next) throw new Error(`${event.type} was refused`);
      return next;
    },
    openAlert(policy, 'urgent', OPENED),
  );
}

describe('an alert nobody answers', () => {
  it('goes to the next person a quarter of an hour after the one before, however late that one was asked', () => {
    expect(openAlert(policy, 'urgent', OPENED)).toMatchObject({ step: 0, nextStepAt: minute(15) });
    expect(after([15, { type: 'escalated' }])).toMatchObject({ step: 1, nextStepAt: minute(30) });
    expect(after([40, { type: 'escalated' }])).toMatchObject({ step: 1, nextStepAt: minute(55) });
  });

  it('asks nobody before their time', () => {
    expect(transition(openAlert(policy, 'urgent', OPENED), { type: 'escalated' }, minute(14.9))).toBeUndefined();
  });

  it('asks the desk every quarter of an hour for as long as it takes', () => {
    const steps = Array.from({ length: 300 }, (_, i): [number, AlertEvent] => [15 * (i + 1), { type: 'escalated' }]);
    expect(after(...steps)).toMatchObject({ state: 'open', step: 300, nextStepAt: minute(301 * 15) });
  });
});

describe('somebody on the way', () => {
  const onTheWay: AlertEvent = { type: 'claimed', by: 7 };

  it('holds the next step back for half an hour', () => {
    expect(after([5, onTheWay])).toMatchObject({ state: 'claimed', claimedBy: 7, nextStepAt: minute(35) });
  });

  it('is forgotten when the half hour is over', () => {
    const lapsed = after([5, onTheWay], [35, { type: 'escalated' }]);
    expect(lapsed).toMatchObject({ state: 'open', claimedBy: undefined, step: 1, nextStepAt: minute(50) });
  });

  it('does not buy more time by saying it twice', () => {
    expect(transition(after([5, onTheWay]), onTheWay, minute(20))).toBeUndefined();
  });

  it('holds nothing back in an emergency', () => {
    expect(transition(after([5, answered('needs_help')]), onTheWay, minute(6))).toBeUndefined();
  });
});

describe('an answer', () => {
  it.each(['safe', 'false_alarm', 'away'] as const)('of %s closes the alert', (outcome) => {
    expect(after([5, answered(outcome)])).toMatchObject({
      state: 'closed',
      closeOutcome: outcome,
      closedAt: minute(5),
      nextStepAt: undefined,
    });
  });

  it('that nobody could be reached asks the next person now', () => {
    const search = after([5, { type: 'claimed', by: 7 }], [9, answered('could_not_reach')]);
    expect(search).toMatchObject({ state: 'open', nextStepAt: minute(9), claimedBy: undefined });
  });

  it('that help is needed makes an emergency of it and goes straight to the desk', () => {
    expect(after([5, answered('needs_help')])).toMatchObject({
      state: 'open',
      severity: 'emergency',
      step: 3,
      nextStepAt: minute(20),
    });
  });

  it('that help is needed never goes back to an earlier step', () => {
    const longUnanswered = Array.from({ length: 6 }, (_, i): [number, AlertEvent] => [
      15 * (i + 1),
      { type: 'escalated' },
    ]);
    expect(after(...longUnanswered, [91, answered('needs_help')]).step).toBe(6);
  });

  it('that all is well does not end an emergency that somebody else reported', () => {
    const emergency = after([5, answered('needs_help')]);
    expect(transition(emergency, answered('safe'), minute(6))).toEqual(emergency);
    expect(transition(emergency, answered('safe', true), minute(6))).toMatchObject({ state: 'closed' });
  });

  it('comes too late for an alert that is closed', () => {
    expect(transition(after([5, answered('safe')]), answered('needs_help'), minute(6))).toBeUndefined();
  });
});

describe('water that runs again', () => {
  it('is noted once and closes nothing', () => {
    const recovered = after([5, { type: 'recovered' }]);
    expect(recovered).toMatchObject({ state: 'open', recoveredAt: minute(5), nextStepAt: minute(15) });
    expect(transition(recovered, { type: 'recovered' }, minute(6))).toBeUndefined();
  });

  it('is no longer noted when the home goes still once more', () => {
    expect(after([5, { type: 'recovered' }], [9, { type: 'relapsed' }]).recoveredAt).toBeUndefined();
    expect(after([5, { type: 'recovered' }], [9, { type: 'finding_joined', severity: 'warning' }])).toMatchObject({
      recoveredAt: undefined,
      severity: 'urgent',
    });
    expect(transition(openAlert(policy, 'urgent', OPENED), { type: 'relapsed' }, minute(1))).toBeUndefined();
  });
});

it('is withdrawn when late readings show that it was never true', () => {
  expect(after([5, { type: 'withdrawn' }])).toMatchObject({ state: 'closed', closeOutcome: 'late_data' });
});
