import type { Intent } from '../db/outbox.ts';
import type { OwedText } from '../db/owed-texts.ts';
import { delayAfterStepMs } from '../domain/alerting/escalation-policy.ts';
import { validForSeconds } from '../domain/notification/validity.ts';

/** Of what asks nobody for anything it is known beforehand how long it is news, in seconds. */
const NEWS_FOR_S: Partial<Readonly<Record<Intent, number>>> = {
  stand_down: 14_400,
  area_outage: 3_600,
  look_in: 14_400,
  absence_ended: 14_400,
  daily_word: 3_600,
  roster_gap: 14_400,
  gateway_fault: 3_600,
  ticket_digest: 14_400,
};
const USUALLY_S = 900;

/**
 * After so many seconds a text must not arrive any more: somebody else has been asked by then, or all know. Of a text
 * about an alert it is the delay of its step in the policy that the alert was opened with.
 */
export function validFor({ intent, policy, step }: Pick<OwedText, 'intent' | 'policy' | 'step'>): number {
  const news = NEWS_FOR_S[intent];
  if (news !== undefined) return news;
  return policy ? validForSeconds(delayAfterStepMs(policy, step)) : USUALLY_S;
}
