import { describe, expect, it } from 'vitest';
import { recordReply } from '../../../src/notify/record-reply.ts';
import { CODE_KEY, type OpenCheck } from '../../support/check-pages.ts';
import { dailyWords, each, hour, night, NIGHT_INDEX, reading } from '../../support/daily-words.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings } from '../../support/readings.ts';
import { scriptedGateway } from '../../support/scripted-gateway.ts';
import { fingerprintOf } from '../../support/table-dump.ts';

const database = useDatabase();
const { sending, deps, inject, post, pageOf, asks, dailyTexts, advanceTo, get, bodies, words, askedFor, comes } =
  dailyWords(database);
const stop = (path: string) => post(path, { stop: 'yes' });
const stopPathIn = (body = '') => /https:\/\/sw\.example\.org(\/d\/\S+)/.exec(body)?.[1] ?? 'no link';

describe('it is stopped', () => {
  async function told(): Promise<OpenCheck> {
    const check = await askedFor();
    await comes(check, 24.1, [...night(), reading(24, 7)]);
    expect(bodies()).toHaveLength(1);
    return check;
  }
  /** Wednesday has a dry night and water in the morning as well. */
  async function nextDayTexts(check: OpenCheck): Promise<number> {
    const day = hourlyReadings(hour(24), [...each(14, 9), ...each(9, 0), 9], NIGHT_INDEX + 7);
    await comes(check, 48.1, day);
    return dailyTexts().length - 1;
  }

  it('by the link in its text, which looks the same however often and by whatever program it is opened', async () => {
    const check = await told();
    const path = stopPathIn(bodies()[0]);
    const before = await fingerprintOf(database.pool, ['attempt_count']);
    const [page, head] = [await get(path), await inject({ method: 'HEAD', url: path })];
    expect([page.statusCode, head.statusCode]).toEqual([200, 200]);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(page.body).toContain('不再接收');
    expect(page.body).not.toContain('张伟');
    expect((await get(`${path}?lang=en`)).body).toContain('Send me no more of these texts');
    expect(await fingerprintOf(database.pool, ['attempt_count'])).toEqual(before);

    const untouched = await post(path);
    expect(untouched.statusCode).toBe(422);
    expect(untouched.body).toContain('还没有保存');
    expect(await fingerprintOf(database.pool, ['attempt_count'])).toEqual(before);

    expect((await stop(path)).headers.location).toBe(path);
    expect((await stop(path)).statusCode).toBe(303);
    expect((await get(path)).body).toContain('已停发');
    expect(await nextDayTexts(check)).toBe(0);
    const { rows } = await database.pool.query(
      `select detail from audit_entry where action = 'daily_word.stopped' and subject = $1`,
      [`household ${check.home.id}`],
    );
    expect(rows).toEqual([{ detail: { householdId: check.home.id, from: 'link' } }]);
  });

  it('by the link of a text of long ago as well, and by no other link', async () => {
    const check = await told();
    const path = stopPathIn(bodies()[0]);
    advanceTo(hour(24 * 200));
    expect((await stop(path)).statusCode).toBe(303);
    expect((await words())[0]).toMatchObject({ stopped_at: hour(24 * 200) });
    for (const wrong of ['/d/AAAAAAAAAAAAAAAAAAAAAA', '/d/x', pageOf(check, 'daughter').replace('/v/', '/d/')]) {
      expect((await get(wrong)).statusCode).toBe(404);
      expect((await stop(wrong)).statusCode).toBe(404);
    }
  });

  it('takes no more than thirty forms of a link in ten minutes, and none from another site', async () => {
    await told();
    const path = stopPathIn(bodies()[0]);
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await inject({ method: 'POST', url: path, headers })).statusCode).toBe(403);
    const codes = [];
    for (let i = 0; i < 31; i += 1) codes.push((await stop(path)).statusCode);
    expect(codes.slice(0, 30).every((code) => code === 303)).toBe(true);
    expect(codes[30]).toBe(429);
  });

  it('by the page of an alert, and begins again on the day after it is asked for again', async () => {
    const check = await told();
    const page = pageOf(check, 'daughter', '/daily');
    expect((await post(page, { daily_word: 'stop' })).statusCode).toBe(303);
    expect((await get(pageOf(check, 'daughter'))).body).toContain('每天用水后，发短信告诉我一次');
    await asks(check);
    await comes(check, 25.5, [reading(25, 20)]);
    expect(bodies()).toHaveLength(1);
    const day = hourlyReadings(hour(25), [...each(13, 9), ...each(9, 0), 9], NIGHT_INDEX + 20);
    await comes(check, 48.1, day);
    expect(bodies()).toHaveLength(2);
  });

  it('by a word texted back, where the text can carry no link, and alerts are texted as before', async () => {
    const check = await askedFor();
    const plain = scriptedGateway();
    sending.gateway = { ...plain, capabilities: { ...plain.capabilities, url: 'none' } };
    sending.codeKey = CODE_KEY;
    await comes(check, 24.1, [...night(), reading(24, 7)]);
    expect(bodies()).toEqual([expect.stringMatching(/：今天08:00前已用水。停发请回复“停报”$/)]);

    const from = check.home.people['daughter']!.phone;
    const reply = { gateway: 'scripted', reference: 'stop-1', from, body: '停报' };
    expect(await recordReply(deps(), reply)).toBe('daily_stopped');
    expect(await recordReply(deps(), { ...reply, reference: 'stop-2' })).toBe('kept');
    expect(await nextDayTexts(check)).toBe(0);
    const { rows } = await database.pool.query('select opted_out_at from person where phone = $1', [from]);
    expect(rows).toEqual([{ opted_out_at: null }]);
  });

  it('while a text still waits: that one is not sent', async () => {
    sending.limits = { quietHours: { fromMinute: 22 * 60, untilMinute: 9 * 60 } };
    const check = await askedFor();
    await comes(check, 24.1, [...night(), reading(24, 7)]);
    await post(pageOf(check, 'daughter', '/daily'), { daily_word: 'stop' });
    await comes(check, 25.1);
    expect(bodies()).toEqual([]);
  });
});
