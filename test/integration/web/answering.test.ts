import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashToken } from '../../../src/core/link-token.ts';
import { type CheckPages, checkPages, type OpenCheck, START } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';
import { fingerprintOf } from '../../support/table-dump.ts';

const database = useDatabase();
let pages: CheckPages;
let app: FastifyInstance;
let check: OpenCheck;

beforeAll(async () => {
  pages = checkPages(database.pool);
  app = await pages.app();
});
afterAll(() => app.close());
beforeEach(async () => {
  check = await pages.openCheck();
});

/** Every form counts, so that nobody sends a thousand. */
const COUNTED = ['attempt_count'];

const pathOf = (name: string, part = '') => `/v/${check.tokens[name]!}${part}`;
const get = (name: string, part = '') => app.inject({ method: 'GET', url: pathOf(name, part) });

function post(name: string, form: Record<string, string>, headers: Record<string, string> = {}, part = '') {
  return app.inject({
    method: 'POST',
    url: pathOf(name, part),
    payload: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

async function alert(): Promise<Record<string, unknown>> {
  const { rows } = await database.pool.query('select * from alert where id = $1', [check.alertId]);
  return rows[0] as Record<string, unknown>;
}

async function owed(intent: string): Promise<number> {
  const { rows } = await database.pool.query(
    'select count(*)::int as n from outbox where alert_id = $1 and intent = $2',
    [check.alertId, intent],
  );
  return (rows[0] as { n: number }).n;
}

const outcomeOf = (answer: unknown) => (answer as { outcome: string }).outcome;

async function answers(): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    'select outcome, method, cause, note from verification where alert_id = $1 order by id',
    [check.alertId],
  );
  return rows as unknown[];
}

describe('a form without a chosen outcome', () => {
  it.each([{}, { outcome: '', method: '', cause: '', away_until: '', note: '' }, { method: 'phone', note: 'rang' }])(
    'is refused with 422 and changes nothing: %j',
    async (form) => {
      const before = await fingerprintOf(database.pool, COUNTED);
      const response = await post('neighbour', form);

      expect(response.statusCode).toBe(422);
      expect(response.body).toContain('role="alert"');
      expect(response.body).toContain('请选择您看到的情况');
      expect(response.headers['cache-control']).toBe('no-store');
      expect(await fingerprintOf(database.pool, COUNTED)).toEqual(before);
    },
  );

  it('is refused as well when it is no form at all', async () => {
    const payload = JSON.stringify({ outcome: 'safe', method: 'phone' });
    const bare = await app.inject({ method: 'POST', url: pathOf('neighbour') });
    const headers = { 'content-type': 'application/json' };
    const json = await app.inject({ method: 'POST', url: pathOf('neighbour'), payload, headers });

    expect(bare.statusCode).toBe(422);
    expect(json.statusCode).toBe(415);
    expect(await answers()).toEqual([]);
  });
});

describe('an incomplete form', () => {
  it('comes back with what was filled in, each mistake beside its field, and no way to break out of it', async () => {
    const note = '</textarea><script>alert(1)</script>';
    const { statusCode, body } = await post('neighbour', { outcome: 'away', away_until: '2026-03-01', note });

    expect(statusCode).toBe(422);
    expect(body).toMatch(/value="away" +checked/);
    expect(body).toContain('value="2026-03-01"');
    expect(body).toContain('id="away_until-error"');
    expect(body).toContain('日期须在2026-03-03至2026-05-01之间');
    expect(body).toContain('id="method-error"');
    expect(body).toContain('&lt;/textarea&gt;&lt;script&gt;');
    expect(body).not.toContain('<script');
  });

  it('of more than 16 KiB is not read at all', async () => {
    const response = await post('neighbour', { outcome: 'safe', method: 'phone', note: 'x'.repeat(17_000) });

    expect(response.statusCode).toBe(413);
    expect(await answers()).toEqual([]);
  });
});

describe('an answer', () => {
  it('of safe closes the alert, owes everybody who was texted the news, and thanks', async () => {
    const response = await post('neighbour', { outcome: 'safe', method: 'in_person', note: 'in the garden' });

    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe(pathOf('neighbour', '/result'));
    expect(await alert()).toMatchObject({ state: 'closed', close_outcome: 'safe' });
    expect(await answers()).toEqual([{ outcome: 'safe', method: 'in_person', cause: null, note: 'in the garden' }]);
    expect(await owed('stand_down')).toBe(2);
    const { body } = await get('neighbour', '/result');
    expect(body).toContain('谢谢，已经记下');
    expect(body).toContain('您的答复：平安（上门，3月2日08:00）');
    expect(body).not.toContain('in the garden');
  });

  it('of a false alarm keeps its cause', async () => {
    expect((await post('daughter', { outcome: 'false_alarm', method: 'phone' })).statusCode).toBe(422);
    await post('daughter', { outcome: 'false_alarm', method: 'phone', cause: 'leak' });

    expect(await alert()).toMatchObject({ state: 'closed', close_outcome: 'false_alarm', close_cause: 'leak' });
  });

  it('of away writes the absence until the end of its last day at the home', async () => {
    await post('daughter', { outcome: 'away', method: 'phone', away_until: '2026-03-07' });

    const { rows } = await database.pool.query('select away_from, away_until from absence where household_id = $1', [
      check.home.id,
    ]);
    expect(rows).toEqual([{ away_from: START, away_until: new Date('2026-03-07T16:00:00Z') }]);
    expect(await alert()).toMatchObject({ state: 'closed', close_outcome: 'away' });
  });

  it('of needs help tells desk and guardians, and shows the numbers to call before anything else', async () => {
    const response = await post('neighbour', { outcome: 'needs_help', method: 'in_person' });
    expect(response.statusCode).toBe(303);
    expect(await alert()).toMatchObject({ state: 'open', severity: 'emergency' });
    expect(await owed('emergency')).toBe(3);

    const { body } = await get('neighbour', '/result');
    expect(body.indexOf('tel:120')).toBeGreaterThan(0);
    expect(body.indexOf('tel:120')).toBeLessThan(body.indexOf('<h1>'));
    const asked = (await get('daughter')).body;
    expect(asked).toContain('社区联系人 李*在3月2日08:00报告：需要帮助。');
    expect(asked).not.toContain('我正在赶过去');
  });

  it('of safe, after another has reported an emergency, is kept and told not to have ended it', async () => {
    await check.answer('neighbour', 'needs_help');
    const response = await post('daughter', { outcome: 'safe', method: 'phone' });

    expect(response.statusCode).toBe(303);
    expect((await get('daughter', '/result')).body).toContain('提醒没有结束');
    expect(await answers()).toHaveLength(2);
  });

  it('of nobody reached makes the next step due and leaves the page open for another answer', async () => {
    await post('neighbour', { outcome: 'could_not_reach', method: 'in_person' });

    expect(await alert()).toMatchObject({ state: 'open', next_step_at: pages.clock.now() });
    expect((await get('neighbour', '/result')).body).toContain('现在就通知下一位');
    expect((await get('neighbour')).body).toContain('name="outcome"');
  });

  it('leads on in the language that was chosen', async () => {
    const response = await post('neighbour', { outcome: 'safe', method: 'phone' }, {}, '?lang=en');

    expect(response.headers.location).toBe(pathOf('neighbour', '/result?lang=en'));
    expect((await get('neighbour', '/result?lang=en')).body).toContain('Thank you');
  });
});

describe('two answers', () => {
  it('the later one is told who was first, and is kept beside it', async () => {
    await check.answer('daughter', 'safe', { method: 'phone' });
    const response = await post('neighbour', { outcome: 'false_alarm', method: 'phone', cause: 'leak' });

    expect(response.statusCode).toBe(409);
    expect(response.body).toContain('家属 王*在3月2日08:00答复');
    expect(response.body).toContain('您的答复已一并保存');
    expect(await alert()).toMatchObject({ state: 'closed', close_outcome: 'safe' });
    expect((await answers()).map(outcomeOf)).toEqual(['safe', 'false_alarm']);
  });

  it('of which the later one calls for help open the alert again, and show the numbers to call first', async () => {
    await check.answer('daughter', 'safe', { method: 'phone' });
    const response = await post('neighbour', { outcome: 'needs_help' });

    expect(response.statusCode).toBe(303);
    expect(await alert()).toMatchObject({ state: 'open', severity: 'emergency', close_outcome: null });
    const { body } = await get('neighbour', '/result');
    expect(body.indexOf('tel:120')).toBeLessThan(body.indexOf('<h1>'));
    expect((await answers()).map(outcomeOf)).toEqual(['safe', 'needs_help']);
  });

  it('of which the later one found nobody leave the one standing that did', async () => {
    await check.answer('daughter', 'safe', { method: 'phone' });
    expect((await post('neighbour', { outcome: 'could_not_reach', method: 'in_person' })).statusCode).toBe(409);

    expect(await alert()).toMatchObject({ state: 'closed', close_outcome: 'safe' });
    expect((await answers()).map(outcomeOf)).toEqual(['safe', 'could_not_reach']);
  });

  it('of which the later one is incomplete: nothing is kept, and the page says how it ended', async () => {
    await check.answer('daughter', 'safe', { method: 'phone' });
    const response = await post('neighbour', { outcome: 'false_alarm', method: 'phone' });

    expect(response.statusCode).toBe(409);
    expect(response.body).toContain('不再受理答复');
    expect(await answers()).toHaveLength(1);
  });

  it('given at the same moment leave one standing, and both see a page', async () => {
    const form = { outcome: 'safe', method: 'phone' };
    const both = await Promise.all([post('neighbour', form), post('daughter', form)]);

    expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([303, 409]);
    expect(await answers()).toHaveLength(2);
  });

  it('of a thumb that touched the button twice are one, and both lead to the thanks', async () => {
    const form = { outcome: 'safe', method: 'phone' };
    const both = [await post('neighbour', form), await post('neighbour', form)];

    expect(both.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
    expect(await answers()).toHaveLength(1);
  });

  it('of somebody who set out a second time are two', async () => {
    const form = { outcome: 'could_not_reach', method: 'phone' };
    await post('neighbour', form);
    await check.claim('neighbour');
    await post('neighbour', form);

    expect(await answers()).toHaveLength(2);
    expect(await alert()).toMatchObject({ state: 'open', claimed_by: null });
  });
});

describe('"I am on my way"', () => {
  it('holds the next step back, answers nothing, and says until when', async () => {
    const response = await post('neighbour', { on_my_way: 'yes' }, {}, '/claim');

    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe(pathOf('neighbour'));
    expect(await alert()).toMatchObject({ state: 'claimed', claimed_by: check.home.people['neighbour']!.id });
    expect(await answers()).toEqual([]);
    expect((await get('neighbour')).body).toContain('请在3月2日08:30前填写结果');
  });

  it('is on the timeline with the link through which it was said', async () => {
    await post('neighbour', { on_my_way: 'yes' }, {}, '/claim');
    const { rows } = await database.pool.query(
      `select detail -> 'linkId' as "linkId", link.id as expected from alert_event
       join verification_link as link on link.token_hash = $2
       where alert_event.alert_id = $1 and type = 'claimed'`,
      [check.alertId, hashToken(check.tokens['neighbour']!)],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ linkId: (rows[0] as { expected: number }).expected });
  });

  it('is not said by a program that only presses the button', async () => {
    const response = await post('neighbour', {}, {}, '/claim');

    expect(response.statusCode).toBe(422);
    expect(response.body).toContain('请先勾选“我正在赶过去”');
    expect(await alert()).toMatchObject({ state: 'open', claimed_by: null });
  });

  it('comes too late for an alert that is over, and is not needed in an emergency', async () => {
    await check.answer('daughter', 'needs_help');
    const emergency = await post('neighbour', { on_my_way: 'yes' }, {}, '/claim');
    await check.answer('daughter', 'safe');
    const over = await post('neighbour', { on_my_way: 'yes' }, {}, '/claim');

    expect([emergency.statusCode, over.statusCode]).toEqual([409, 409]);
    expect(emergency.body).toContain('能赶到的请马上过去');
    expect(over.body).toContain('这次提醒已结束');
  });
});

describe('a form from another site', () => {
  const form = { outcome: 'safe', method: 'phone' };

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'nonsense' },
  ])('is refused: %j', async (headers) => {
    const response = await post('neighbour', form, { accept: 'text/html', ...headers });

    expect(response.statusCode).toBe(403);
    expect(response.body).toContain('没有提交成功');
    expect(await answers()).toEqual([]);
  });

  it.each([
    { 'sec-fetch-site': 'same-origin', origin: 'null' },
    { origin: 'http://localhost' },
    { origin: 'null' },
    {},
  ])('is told from our own, also by browsers that say little: %j', async (headers) => {
    expect((await post('neighbour', form, { host: 'localhost', ...headers })).statusCode).toBe(303);
  });
});
