import { describe, expect, it } from 'vitest';
import {
  addresseesOf,
  callsAlone,
  channelsOf,
  channelsWithText,
  DEFAULT_ESCALATION_POLICY as policy,
  delayAfterStepMs,
  type EscalationPolicy,
  lastStepOf,
} from '../../../../src/domain/alerting/escalation-policy.ts';
import { channelsFor } from '../../../../src/domain/alerting/channel.ts';
import { MINUTE_MS } from '../../../../src/domain/time.ts';

const roles = (step: number) => addresseesOf(policy, step).map(({ role, position }) => `${role} ${position}`);

describe('who is asked when nobody answers', () => {
  it('is the family and the neighbour first, then the next ones, the supervisor, and the desk', () => {
    expect([0, 1, 2, 3].map(roles)).toEqual([
      ['guardian 1', 'contact 1'],
      ['guardian 2', 'contact 2'],
      ['supervisor 1'],
      ['desk 1'],
    ]);
  });

  it('is the desk again and again, without end', () => {
    expect(roles(lastStepOf(policy) + 1)).toEqual(['desk 1']);
    expect(roles(10_000)).toEqual(['desk 1']);
  });
});

describe('how people are asked', () => {
  const calling: EscalationPolicy = {
    ...policy,
    steps: [
      { afterMinutes: 0, ask: [] },
      { afterMinutes: 10, ask: [], channels: ['voice'] },
      { afterMinutes: 20, ask: [], channels: ['sms', 'voice'] },
    ],
  };

  it('is by text where the step says nothing, otherwise as it says; the last step is repeated as it is', () => {
    expect([0, 1, 2, 9].map((step) => channelsOf(calling, step))).toEqual([
      ['sms'],
      ['voice'],
      ['sms', 'voice'],
      ['sms', 'voice'],
    ]);
    expect(channelsOf(policy, 0)).toEqual(['sms']);
  });

  it('is by text as well where somebody must be able to read it', () => {
    expect([0, 1, 2].map((step) => channelsWithText(calling, step))).toEqual([
      ['sms'],
      ['sms', 'voice'],
      ['sms', 'voice'],
    ]);
  });

  it('is by text as well for whoever was not asked before: a call leads to no page', () => {
    expect(channelsFor(['voice'], true)).toEqual(['voice']);
    expect(channelsFor(['voice'], false)).toEqual(['sms', 'voice']);
    expect(channelsFor(['sms'], true)).toEqual(['sms']);
    expect([policy, calling].map(callsAlone)).toEqual([false, true]);
    expect(callsAlone({ ...policy, steps: [{ afterMinutes: 0, ask: [], channels: ['sms', 'voice'] }] })).toBe(false);
  });
});

describe('the wait for the next step', () => {
  it('is the distance between the steps', () => {
    const uneven = { ...policy, steps: [0, 5, 25].map((afterMinutes) => ({ afterMinutes, ask: [] })) };
    expect([0, 1].map((step) => delayAfterStepMs(uneven, step) / MINUTE_MS)).toEqual([5, 20]);
  });

  it('is that of the repetition once the last step has been reached', () => {
    const slow = { ...policy, repeatLastEveryMinutes: 7 };
    expect([3, 4, 1_000].map((step) => delayAfterStepMs(slow, step) / MINUTE_MS)).toEqual([7, 7, 7]);
  });
});
