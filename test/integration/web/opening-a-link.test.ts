import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintToken } from '../../../src/core/link-token.ts';
import { type CheckPages, checkPages } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';
import { fingerprintOf } from '../../support/table-dump.ts';

const database = useDatabase();
let pages: CheckPages;
let app: FastifyInstance;

/** Programs that look at the links in messages, by the names they give. */
const PREVIEW_AGENTS = [
  'facebookexternalhit/1.1',
  'WhatsApp/2.23.20.0',
  'Mozilla/5.0 (compatible; Googlebot/2.1)',
  'MicroMessenger/8.0.40',
  'SkypeUriPreview Preview/0.5',
  'Twitterbot/1.0',
  'TelegramBot (like TwitterBot)',
  'Slackbot-LinkExpanding 1.0',
  'Discordbot/2.0',
  'LinkedInBot/1.0',
  'Applebot/0.1',
  'bingbot/2.0',
  'Baiduspider/2.0',
  'YandexBot/3.0',
  'Sogou web spider/4.0',
  '360Spider',
  'Bytespider',
  'Google-Safety',
  'GoogleMessages/LinkPreview',
  'curl/8.5.0',
];
const LARGEST_PAGE_BYTES = 30_000;

beforeAll(async () => {
  pages = checkPages(database.pool);
  app = await pages.app();
});
afterAll(() => app.close());

async function openingsOf(alertId: number): Promise<number> {
  const text = `select count(*)::int as n from alert_event where alert_id = $1 and type = 'page_opened'`;
  const { rows } = await database.pool.query<{ n: number }>(text, [alertId]);
  return rows[0]!.n;
}

const get = (path: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url: path, headers });

describe('opening a link', () => {
  it('changes nothing, though twenty preview agents ask for every page of it, but for one line on the timeline', async () => {
    const { tokens, alertId, dailyWordOf } = await pages.openCheck();
    const link = `/v/${tokens['neighbour']!}`;
    const urls = ['/c', `/d/${await dailyWordOf('daughter')}`, link, `${link}/result`, `${link}?lang=en`];
    const audit = ['alert_event', 'link_opening'];
    const before = await fingerprintOf(database.pool, audit);
    for (const agent of PREVIEW_AGENTS) {
      for (const method of ['HEAD', 'GET'] as const) {
        const answers = await Promise.all(
          urls.map((url) => app.inject({ method, url, headers: { 'user-agent': agent } })),
        );
        expect(answers.map(({ statusCode }) => statusCode)).toEqual(urls.map(() => 200));
      }
    }
    expect(PREVIEW_AGENTS).toHaveLength(20);

    expect(await fingerprintOf(database.pool, audit)).toEqual(before);
    expect(await openingsOf(alertId)).toBe(1);
  });

  it('is no opening when a program asks with HEAD, or for another of its pages', async () => {
    const { tokens, alertId } = await pages.openCheck();
    await app.inject({ method: 'HEAD', url: `/v/${tokens['neighbour']!}` });
    await get(`/v/${tokens['neighbour']!}/result`);
    expect(await openingsOf(alertId)).toBe(0);
  });

  it('shows whom it is about, masked, with the reason, what to do and whom to call', async () => {
    const { tokens, home } = await pages.openCheck({ resident: '欧阳春梅' });
    const { body } = await get(`/v/${tokens['neighbour']!}`);

    expect(body).toContain('<html lang="zh-CN">');
    expect(body).toContain('请去看看欧*');
    expect(body).toContain(home.code);
    expect(body).toContain('截至3月2日07:00，24小时内未用水（低于6升就要提醒）；最近一次用水：3月1日07:00。');
    expect(body).toContain('请上门敲门看一看');
    for (const number of ['120', '110', '119']) expect(body).toContain(`<a href="tel:${number}">${number}</a>`);
  });

  it('asks each in their role and in their own language, with a way to the other one', async () => {
    const { tokens } = await pages.openCheck();
    const [guardian, abroad, desk] = await Promise.all(
      ['daughter', 'nephew', 'desk'].map(async (name) => (await get(`/v/${tokens[name]!}`)).body),
    );

    expect(guardian).toContain('请联系张*');
    expect(desk).toContain('请处置：张*');
    expect(abroad).toContain('<html lang="en">');
    expect(abroad).toContain('Please call 张*');
    expect(abroad).toContain(`href="/v/${tokens['nephew']!}?lang=zh-CN"`);
    expect((await get(`/v/${tokens['nephew']!}?lang=zh-CN`)).body).toContain('<html lang="zh-CN">');
    expect((await get(`/v/${tokens['nephew']!}?lang=xx`)).body).toContain('<html lang="en">');
  });

  it('names nobody in full and gives no phone away', async () => {
    const { tokens, home } = await pages.openCheck({ resident: '欧阳春梅' });
    const { body } = await get(`/v/${tokens['neighbour']!}`);

    for (const name of ['欧阳', '春梅', '王芳', '李强', 'Gruber', '赵敏']) expect(body).not.toContain(name);
    for (const { phone } of Object.values(home.people)) expect(body).not.toContain(phone.slice(-8));
  });

  it('tells who else was asked, who is on the way and who has answered', async () => {
    const check = await pages.openCheck();
    await check.claim('daughter');
    expect((await get(`/v/${check.tokens['neighbour']!}`)).body).toContain('家属 王*在3月2日08:00说正在赶过去。');

    await check.answer('daughter', 'could_not_reach', { method: 'phone' });
    const { body } = await get(`/v/${check.tokens['neighbour']!}`);
    expect(body).toContain('3月2日08:00答复：没有联系上');
    expect(body).not.toContain('说正在赶过去');
  });

  it('says when a text did not arrive, and leaves out who was never texted', async () => {
    const { tokens, alertId, home } = await pages.openCheck({
      people: { daughter: { role: 'guardian', name: '王芳' }, neighbour: { role: 'contact', name: '李强' } },
    });
    await database.pool.query('delete from verification_link where alert_id = $1 and person_id = $2', [
      alertId,
      home.people['daughter']!.id,
    ]);
    const setState = (state: string) =>
      database.pool.query('update outbox set state = $1 where alert_id = $2 and person_id = $3', [
        state,
        alertId,
        home.people['daughter']!.id,
      ]);

    await setState('failed');
    expect((await get(`/v/${tokens['neighbour']!}`)).body).toContain('短信没有送达');
    await setState('muted');
    expect((await get(`/v/${tokens['neighbour']!}`)).body).toContain('目前只通知了您');
  });

  it('says that the water has recovered, and still asks', async () => {
    const { tokens, alertId } = await pages.openCheck();
    await database.pool.query('update alert set recovered_at = $1 where id = $2', [pages.clock.now(), alertId]);
    const { body } = await get(`/v/${tokens['neighbour']!}`);

    expect(body).toContain('3月2日08:00起用水恢复正常');
    expect(body).toContain('name="outcome"');
  });

  it('gives no reason, and still asks, where the figures are those of another version', async () => {
    const { tokens, alertId } = await pages.openCheck();
    await database.pool.query(`update alert set evidence = '{"detector":"routine-drift"}' where id = $1`, [alertId]);
    const { statusCode, body } = await get(`/v/${tokens['neighbour']!}`);

    expect(statusCode).toBe(200);
    expect(body).toContain('用水情况异常。');
  });

  it('chooses no outcome beforehand', async () => {
    const { tokens } = await pages.openCheck();

    expect((await get(`/v/${tokens['neighbour']!}`)).body).not.toMatch(/ checked| selected/);
  });

  it('is small, keeps no copy, loads nothing, runs nothing and gives its address to nobody', async () => {
    const { tokens } = await pages.openCheck();
    const { headers, rawPayload, body } = await get(`/v/${tokens['neighbour']!}`);

    expect(rawPayload.length).toBeLessThan(LARGEST_PAGE_BYTES);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      ),
    });
    expect(body).not.toMatch(/<script|<img|<link|src=|https?:|javascript:/i);
  });
});

describe('a link that leads nowhere', () => {
  it('shows the same friendly page whether it is malformed, made up or revoked', async () => {
    const { tokens } = await pages.openCheck();
    await database.pool.query('update verification_link set revoked_at = created_at where token_hash = sha256($1)', [
      Buffer.from(tokens['neighbour']!),
    ]);
    const paths = [tokens['neighbour']!, mintToken(), 'short', 'x'.repeat(200), '%E4%BD%A0', '%zz', `${mintToken()}/x`];
    const responses = await Promise.all(paths.map((path) => get(`/v/${path}`, { accept: 'text/html' })));

    for (const { statusCode, body, headers } of responses) {
      expect(statusCode).toBe(404);
      expect(body).toBe(responses[0]?.body);
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(responses[0]?.body).toContain('这个链接打不开');
    expect(responses[0]?.body).toContain('This link does not work');
  });

  it('takes no answer and no claim', async () => {
    for (const path of [`/v/${mintToken()}`, `/v/${mintToken()}/claim`]) {
      const payload = new URLSearchParams({ outcome: 'safe', method: 'phone' }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      expect((await app.inject({ method: 'POST', url: path, payload, headers })).statusCode).toBe(404);
    }
  });
});

describe('the link of an alert that is over', () => {
  it('shows who answered, when and what, and takes no answer any more', async () => {
    const check = await pages.openCheck();
    await check.answer('daughter', 'safe', { method: 'phone' });
    const { statusCode, body } = await get(`/v/${check.tokens['neighbour']!}`);

    expect(statusCode).toBe(200);
    expect(body).toContain('家属 王*在3月2日08:00答复');
    expect(body).toContain('平安');
    expect(body).not.toContain('<form');
    expect((await get(`/v/${check.tokens['daughter']!}`)).body).toContain('您在3月2日08:00答复');
  });

  it('says so when late readings showed that nothing was amiss', async () => {
    const { tokens, alertId } = await pages.openCheck();
    await database.pool.query(
      `update alert set state = 'closed', closed_at = $1, close_outcome = 'late_data', next_step_at = null where id = $2`,
      [pages.clock.now(), alertId],
    );

    expect((await get(`/v/${tokens['nephew']!}`)).body).toContain('meter readings that came late');
  });

  it('stands for seven days and then shows nothing any more', async () => {
    const check = await pages.openCheck();
    await check.answer('daughter', 'safe');
    const closedAt = pages.clock.now().getTime();
    const path = `/v/${check.tokens['neighbour']!}`;

    pages.clock.advanceTo(new Date(closedAt + 7 * 86_400_000));
    expect((await get(path)).statusCode).toBe(200);
    pages.clock.advanceTo(new Date(closedAt + 7 * 86_400_000 + 1_000));
    const { statusCode, body } = await get(path);
    expect(statusCode).toBe(410);
    expect(body).toContain('这次核查早已结束');
    expect(body).not.toContain(check.home.code);
  });
});
