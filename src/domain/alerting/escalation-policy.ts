import { MINUTE_MS } from '../time.ts';
import { BY_TEXT, type Channel, channelsFor } from './channel.ts';

/** In which capacity somebody is asked. Guardians and contacts belong to a home, supervisors and desks to a community. */
export const ROLES = ['guardian', 'contact', 'supervisor', 'desk'] as const;
export type Role = (typeof ROLES)[number];

/** Whom to ask: the n-th of a role, counted from 1, or all of them. */
export interface Addressee {
  readonly role: Role;
  readonly position: number | 'all';
}

export interface EscalationStep {
  /** Minutes after the alert was opened. */
  readonly afterMinutes: number;
  readonly ask: readonly Addressee[];
  /** How they are asked; left out: by text. */
  readonly channels?: readonly Channel[] | undefined;
}

/** Who is asked when. The last step repeats without end: an alert never falls silent. */
export interface EscalationPolicy {
  readonly name: string;
  readonly steps: readonly EscalationStep[];
  readonly repeatLastEveryMinutes: number;
  /** How long "I am on my way" holds the next step back. */
  readonly claimLapsesAfterMinutes: number;
  /** How many people must be on the way before the next step is held back. */
  readonly acknowledgementsNeeded: number;
  /** How far ahead an alert may be put off at a time. */
  readonly longestSnoozeMinutes: number;
  /** Whether a person must still look when the water has come back. */
  readonly confirmRecovery: boolean;
  /** Where none must: for how long the water has to be back before the alert ends. */
  readonly recoveryClosesAfterHours: number;
}

/** What a policy that does not say otherwise asks for beside its steps. */
export const POLICY_DEFAULTS = {
  acknowledgementsNeeded: 1,
  longestSnoozeMinutes: 240,
  confirmRecovery: true,
  recoveryClosesAfterHours: 3,
} as const satisfies Partial<EscalationPolicy>;

export const DEFAULT_ESCALATION_POLICY: EscalationPolicy = {
  name: 'default',
  steps: [
    {
      afterMinutes: 0,
      ask: [
        { role: 'guardian', position: 1 },
        { role: 'contact', position: 1 },
      ],
    },
    {
      afterMinutes: 15,
      ask: [
        { role: 'guardian', position: 2 },
        { role: 'contact', position: 2 },
      ],
    },
    { afterMinutes: 30, ask: [{ role: 'supervisor', position: 1 }] },
    { afterMinutes: 45, ask: [{ role: 'desk', position: 1 }] },
  ],
  repeatLastEveryMinutes: 15,
  claimLapsesAfterMinutes: 30,
  ...POLICY_DEFAULTS,
};

/** Whom step number `step` asks. Numbers past the end are repeats of the last one. */
export function addresseesOf(policy: EscalationPolicy, step: number): readonly Addressee[] {
  return stepOf(policy, step)?.ask ?? [];
}

/** By which channels step number `step` asks. Numbers past the end are repeats of the last one. */
export function channelsOf(policy: EscalationPolicy, step: number): readonly Channel[] {
  return stepOf(policy, step)?.channels ?? BY_TEXT;
}

/** The same for what somebody must be able to read as well: a text, and a call where the step calls. */
export function channelsWithText(policy: EscalationPolicy, step: number): readonly Channel[] {
  return channelsFor(channelsOf(policy, step), false);
}

/** Whether a step of the policy asks by call alone. */
export function callsAlone({ steps }: EscalationPolicy): boolean {
  return steps.some(({ channels = BY_TEXT }) => !channels.includes('sms'));
}

function stepOf(policy: EscalationPolicy, step: number): EscalationStep | undefined {
  return policy.steps[Math.min(step, lastStepOf(policy))];
}

/** The number of the step that repeats without end. */
export function lastStepOf(policy: EscalationPolicy): number {
  return policy.steps.length - 1;
}

/**
 * How long after step `step` has been taken the next one is due, in milliseconds.
 *
 * It is the distance between the two steps, not a time since the alert was opened: a step that came late, because
 * somebody had claimed the alert, does not make all later ones come at once.
 */
export function delayAfterStepMs(
  policy: { readonly steps: readonly Pick<EscalationStep, 'afterMinutes'>[]; readonly repeatLastEveryMinutes: number },
  step: number,
): number {
  const here = policy.steps[step];
  const next = policy.steps[step + 1];
  const minutes = here && next ? next.afterMinutes - here.afterMinutes : policy.repeatLastEveryMinutes;
  return minutes * MINUTE_MS;
}
