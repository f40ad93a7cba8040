import { html, type Html, type HtmlPart, trusted } from '../html.ts';

/** A text, or a call, to a stand-in phone. */
export interface InboxText {
  /** Counts them, from 1. */
  readonly n: number;
  readonly channel: 'sms' | 'voice';
  readonly to: string;
  /** What it says. */
  readonly body: string;
  readonly at: Date;
}

const REFRESH_S = 3;
const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; color: #1b1b1b }
.stand-in { background: #fff3c4; border: 2px solid #8a6100; padding: .75rem 1rem; border-radius: .5rem }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem; align-items: start }
section { border: 1px solid #767676; border-radius: 1rem; padding: 0 1rem 1rem }
h2 { font-size: 1rem } p.text, p.call { background: #e6f2e6; border-radius: .75rem; padding: .5rem .75rem; overflow-wrap: anywhere }
p.call { background: #e3ecf8 }
time { display: block; color: #595959; font-size: .8rem }`;

/** The inboxes as a page: a phone each, the phone with the newest text first, and in each the newest text first. */
export function renderPhones(texts: readonly InboxText[], timeZone: string): string {
  const wallClock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const phones = [...byPhone(texts)].map(([phone, inbox]) => phoneSection(phone, inbox, wallClock));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="${REFRESH_S}" />
        <title>Phones (stand-in)</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <h1>Phones · <span lang="zh-CN">手机</span></h1>
        <p class="stand-in" role="note">
          <strong>These are not real phones.</strong> SMS_DRIVER=log: every text stays on this machine and is shown
          here. No one has been texted or called. ·
          <span lang="zh-CN">这里不是真实的手机，短信没有发出，电话没有拨打。</span>
        </p>
        <main>${phones.length > 0 ? phones : html`<p>No text yet. · <span lang="zh-CN">还没有短信。</span></p>`}</main>
      </body>
    </html>`.toString();
}

function byPhone(texts: readonly InboxText[]): Map<string, InboxText[]> {
  const phones = new Map<string, InboxText[]>();
  for (const text of texts.toReversed()) phones.set(text.to, [...(phones.get(text.to) ?? []), text]);
  return phones;
}

function phoneSection(phone: string, inbox: readonly InboxText[], wallClock: Intl.DateTimeFormat): Html {
  const items = inbox.map(({ channel, at, body }) => {
    const time = html`<time datetime="${at.toISOString()}">${wallClock.format(at)}</time>`;
    return channel === 'voice'
      ? html`<p class="call">
          ${time}<strong>Call · <span lang="zh-CN">来电</span></strong
          ><br />${body}
        </p>`
      : html`<p class="text">${time}${linked(body)}</p>`;
  });
  return html`<section>
    <h2>${phone}</h2>
    ${items}
  </section>`;
}

/** As a phone does it: whatever looks like an address can be tapped. */
function linked(body: string): HtmlPart {
  const parts = body.split(/(https?:\/\/[^\s<>"']+)/);
  return parts.map((part, i) => (i % 2 === 0 ? part : html`<a href="${part}">${part}</a>`));
}
