import { hashCheckCode, mintCheckCode, showCheckCode } from '../core/check-code.ts';
import { hashToken, mintToken } from '../core/link-token.ts';
import type { NewCheckCode } from '../db/check-codes.ts';
import type { NewDailyWordLink } from '../db/daily-words.ts';
import type { OwedText } from '../db/owed-texts.ts';
import type { NewVerificationLink } from '../db/verification-links.ts';
import { asks } from './asks.ts';
import type { Texts } from './bundle-texts.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import type { TextContent } from './sms-gateway.ts';
import type { Access } from './templates/access.ts';
import { type BundledText, renderBundle } from './templates/render-bundle.ts';
import { renderSpoken } from './templates/render-spoken.ts';
import { renderText } from './templates/render-text.ts';

/** What a message says, and the keys in it that must be valid before it leaves. */
export interface ComposedMessage {
  readonly content: TextContent;
  readonly links: readonly NewVerificationLink[];
  readonly codes: readonly NewCheckCode[];
  readonly stopLinks: readonly NewDailyWordLink[];
}

type Key =
  { readonly link: NewVerificationLink } | { readonly code: NewCheckCode } | { readonly stopLink: NewDailyWordLink };

/**
 * Writes the message for some texts to one person. Each home it names has a way to its page, valid for this person: a
 * link, or a code where the route carries no addresses of our own. Texts that ask for nothing lead nowhere: the keys
 * made for them are thrown away. A daily word leads to the page that stops it. A call carries no way anywhere.
 */
export function composeMessage(texts: Texts, deps: Omit<DispatchDeps, 'pool' | 'clock' | 'log'>): ComposedMessage {
  if (deps.gateway.channel === 'voice') {
    return { content: renderSpoken(texts[0]), links: [], codes: [], stopLinks: [] };
  }
  const homes = onePerAlert(texts).map((source) => ({ source, ...keyFor(source, deps) }));
  const keys = homes.flatMap(({ key }) => key ?? []);
  const [first, ...others]: BundledText[] = homes;
  if (!first) throw new Error('a message without texts');
  return {
    content: others.length === 0 ? renderText(first.source, first.access) : renderBundle([first, ...others]),
    links: keys.flatMap((key) => ('link' in key ? [key.link] : [])),
    codes: keys.flatMap((key) => ('code' in key ? [key.code] : [])),
    stopLinks: keys.flatMap((key) => ('stopLink' in key ? [key.stopLink] : [])),
  };
}

function keyFor(
  { intent, alertId, noticeId, personId, role }: OwedText,
  { gateway, publicBaseUrl, codeKey }: Pick<DispatchDeps, 'gateway' | 'publicBaseUrl' | 'codeKey'>,
): { access: Access; key: Key | undefined } {
  const recipient = alertId !== null && asks(intent) ? { alertId, personId, role } : undefined;
  if (gateway.capabilities.url === 'any' || !codeKey) {
    const token = mintToken();
    if (intent === 'daily_word') {
      const stopLink = noticeId === null ? undefined : { noticeId, tokenHash: hashToken(token) };
      return { access: { kind: 'link', url: `${publicBaseUrl}/d/${token}` }, key: stopLink && { stopLink } };
    }
    const key = recipient && { link: { ...recipient, tokenHash: hashToken(token) } };
    return { access: { kind: 'link', url: `${publicBaseUrl}/v/${token}` }, key };
  }
  const code = mintCheckCode('letters');
  const address = `${publicBaseUrl.replace(/^https?:\/\//, '')}/c`;
  const codeHash = hashCheckCode(codeKey, code);
  const key = recipient && { code: { ...recipient, kind: 'letters' as const, codeHash } };
  return { access: { kind: 'code', address, code: showCheckCode(code) }, key };
}

/** What is about no alert is named each time. */
function onePerAlert(texts: Texts): OwedText[] {
  return texts.filter(
    (text, i) => text.alertId === null || texts.findIndex(({ alertId }) => alertId === text.alertId) === i,
  );
}
