/** How somebody is asked: by a text that leads to the page, or by a call in which a key says that they are on their way. */
export const CHANNELS = ['sms', 'voice'] as const;
export type Channel = (typeof CHANNELS)[number];

/** How everybody is told what no step decides. */
export const BY_TEXT: readonly Channel[] = ['sms'];

/**
 * By which channels somebody is asked whom a step asks by `channels`. A call leads to no page, so whoever has not been
 * asked about the alert before gets the text with the way there as well.
 */
export function channelsFor(channels: readonly Channel[], wasAsked: boolean): readonly Channel[] {
  return wasAsked || channels.includes('sms') ? channels : ['sms', ...channels];
}
