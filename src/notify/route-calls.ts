import type { OwedText } from '../db/owed-texts.ts';
import type { DispatchDeps, Through } from './dispatch-deps.ts';
import type { SmsGateway } from './sms-gateway.ts';

/** Every gateway in use, whatever it brings to people. */
export function everyGateway({ gateway, fallbacks = [], voice }: DispatchDeps): readonly SmsGateway[] {
  return [gateway, ...fallbacks, ...(voice ? [voice] : [])];
}

/** Texts and calls as they can leave here. */
export interface Sendable {
  readonly texts: readonly OwedText[];
  /** Calls that nobody can make and whose text is on its way beside them. */
  readonly superfluous: readonly OwedText[];
}

/**
 * Where nobody can be called a call leaves as a text, so that its reader hears of it at once; the same text twice is no
 * use, so where one is owed beside it the call is left out. A call of unknown fate is settled first.
 */
export function asCanLeave(owed: readonly OwedText[], { voice }: Pick<DispatchDeps, 'voice'>): Sendable {
  if (voice) return { texts: owed, superfluous: [] };
  const isSuperfluous = ({ hasTextBeside, openAttempt }: OwedText) => hasTextBeside && openAttempt === null;
  return {
    texts: owed
      .filter((text) => !isSuperfluous(text))
      .map((text) => (text.channel === 'sms' ? text : { ...text, channel: 'sms' as const })),
    superfluous: owed.filter(isSuperfluous),
  };
}

/**
 * The way of a call: what the voice gateway surely did not take, for causes that are not the reader's, leaves as a text,
 * unless one was owed beside it. Then the call waits and is tried again, as a text with one gateway is.
 */
export function throughVoice(
  { gateway, fallbacks = [] }: Through,
  voice: SmsGateway,
  { hasTextBeside }: Pick<OwedText, 'hasTextBeside'>,
): Through {
  return { gateway: voice, fallbacks: hasTextBeside ? [] : [gateway, ...fallbacks] };
}
