import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckPages, checkPages } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';
import { loggerWithLines } from '../../support/log-lines.ts';
import { fingerprintOf } from '../../support/table-dump.ts';

const database = useDatabase();
const logged = loggerWithLines();
let pages: CheckPages;
let app: FastifyInstance;

beforeAll(async () => {
  pages = checkPages(database.pool, logged.log);
  app = await pages.app();
});
afterAll(() => app.close());

interface Form {
  readonly action: string;
  readonly defaults: URLSearchParams;
}

/** The forms of a page as a browser would send them that nobody has touched, by their buttons. */
function formsIn(html: string): Form[] {
  return (html.match(/<form[\s\S]*?<\/form>/g) ?? []).map((form) => {
    const defaults = new URLSearchParams();
    for (const [input] of form.matchAll(/<input\b[^>]*>/g)) {
      const [name, value] = [attributeOf(input, 'name'), attributeOf(input, 'value')];
      const isChoice = /type="(radio|checkbox)"/.test(input);
      if (!isChoice || /\schecked\b/.test(input)) defaults.append(name, value);
    }
    for (const [select, name = ''] of form.matchAll(/<select\b[^>]*name="(\w+)"[\s\S]*?<\/select>/g)) {
      defaults.append(name, /<option value="([^"]*)"/.exec(select)?.[1] ?? '');
    }
    for (const [, name = ''] of form.matchAll(/<textarea\b[^>]*name="(\w+)"/g)) defaults.append(name, '');
    for (const [button] of form.matchAll(/<button\b[^>]*>/g)) {
      if (/\sname=/.test(button)) defaults.append(attributeOf(button, 'name'), attributeOf(button, 'value'));
    }
    return { action: attributeOf(form, 'action'), defaults };
  });
}

function attributeOf(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}

const press = ({ action, defaults }: Form) =>
  app.inject({
    method: 'POST',
    url: action,
    payload: defaults.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

describe('a program that opens a link and presses every button it finds', () => {
  it('neither confirms, claims, corrects, contradicts, orders nor stops anything', async () => {
    const check = await pages.openCheck();
    const over = await pages.openCheck();
    await over.answer('neighbour', 'safe');
    const stopLink = await over.dailyWordOf('daughter');
    const tracks = ['attempt_count', 'alert_event', 'link_opening'];
    const before = await fingerprintOf(database.pool, tracks);

    const links = [check, over].flatMap(({ tokens }) =>
      ['neighbour', 'daughter', 'desk'].map((name) => `/v/${tokens[name]!}`),
    );
    const parts = ['', '/result', '/correct', '/again', '/note', '?lang=en'];
    let pressed = 0;
    for (const url of ['/c', `/d/${stopLink}`, ...links.flatMap((link) => parts.map((part) => link + part))]) {
      const { body } = await app.inject({ method: 'GET', url });
      for (const form of formsIn(body)) {
        const { statusCode } = await press(form);
        expect([409, 422], `${form.action} ${form.defaults.toString()}`).toContain(statusCode);
        pressed += 1;
      }
    }

    expect(pressed).toBeGreaterThan(30);
    expect(await fingerprintOf(database.pool, tracks)).toEqual(before);
  });
});

describe('the log', () => {
  it('holds neither token, code, phone nor name, whatever somebody does with a page', async () => {
    const check = await pages.openCheck({ resident: '龚喜乐' });
    const token = check.tokens['neighbour']!;
    const code = await check.codeFor('neighbour');
    const phone = check.home.people['neighbour']!.phone;
    const send = (url: string, form: Record<string, string>, headers = {}) =>
      app.inject({
        method: 'POST',
        url,
        payload: new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      });

    const { headers } = await send('/c', { code, phone: phone.slice(-4) });
    const behindCode = headers.location!.slice('/v/'.length);
    await send('/c', { code, phone: '0000' });
    await send('/c', { code, phone }, { 'sec-fetch-site': 'cross-site' });
    for (const url of [`/v/${token}`, `/v/${token}/nothing`, `/v/${behindCode}/result`, `/v/${token}%zz`]) {
      await app.inject({ method: 'GET', url, headers: { accept: 'text/html' } });
    }
    await send(`/v/${token}/claim`, { on_my_way: 'yes' });
    await send(`/v/${token}/note`, { note: `call me: ${phone}` });
    await send(`/v/${token}`, { outcome: 'safe', method: 'phone', note: `${phone} 李强` });
    await send(`/v/${token}/correct`, { outcome: 'needs_help' });
    await send(`/v/${token}`, { outcome: 'safe', note: 'x'.repeat(17_000) });
    await database.pool.query('alter table link_opening rename to link_opening_gone');
    await app.inject({ method: 'GET', url: `/v/${check.tokens['desk']!}` });
    await database.pool.query('alter table link_opening_gone rename to link_opening');

    const lines = logged.lines();
    expect(lines).toContain('"route":"/v/:token"');
    expect(lines).toContain('could not be written down');
    const secrets = [token, behindCode, check.tokens['desk']!, code, phone.slice(1), phone.slice(3), '龚喜乐', '李强'];
    for (const secret of secrets) expect(lines).not.toContain(secret);
  });
});
