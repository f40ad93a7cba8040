import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MOST_FORMS_OF_A_LINK } from '../../../src/domain/alerting/code-limits.ts';
import { type CheckPages, checkPages, type OpenCheck } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';
import { fillDays } from '../../support/days-of-water.ts';

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

const pathOf = (name: string, part = '') => `/v/${check.tokens[name]!}${part}`;
const get = async (name: string, part = '') => (await app.inject({ method: 'GET', url: pathOf(name, part) })).body;
const post = (name: string, form: Record<string, string>, part = '') =>
  app.inject({
    method: 'POST',
    url: pathOf(name, part),
    payload: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const minutesLater = (minutes: number) => {
  pages.clock.advanceTo(new Date(pages.clock.now().getTime() + minutes * 60_000));
};
const rowsOf = async (text: string): Promise<Record<string, unknown>[]> => {
  const { rows } = await database.pool.query<Record<string, unknown>>(text, [check.alertId]);
  return rows;
};
const alert = async () => (await rowsOf('select * from alert where id = $1'))[0]!;
const timeline = async () =>
  (await rowsOf('select type from alert_event where alert_id = $1 order by id')).map(({ type }) => type);

describe('the same answer again', () => {
  it('from a thumb that touched twice, or a page gone back to, asks nobody twice', async () => {
    const form = { outcome: 'could_not_reach', method: 'phone' };
    const both = await Promise.all([post('neighbour', form), post('neighbour', form)]);
    minutesLater(2);
    const dueAt = (await alert())['next_step_at'];
    const again = await post('neighbour', form);

    expect([...both, again].map(({ statusCode }) => statusCode)).toEqual([303, 303, 303]);
    expect(await rowsOf('select outcome from verification where alert_id = $1')).toHaveLength(1);
    expect((await alert())['next_step_at']).toEqual(dueAt);
  });
});

describe('within ten minutes of an answer', () => {
  it('somebody takes it back for another, and both are kept', async () => {
    await post('neighbour', { outcome: 'safe', method: 'phone' });
    minutesLater(9);
    expect(await get('neighbour')).toContain('更正我的答复');
    const form = await get('neighbour', '/correct');
    expect(form).toMatch(/您在3月2日\d\d:\d\d答复：平安/);
    expect(form).not.toMatch(/ checked| selected/);

    const response = await post('neighbour', { outcome: 'could_not_reach', method: 'in_person' }, '/correct');
    expect(response.headers.location).toBe(pathOf('neighbour', '/result'));
    expect(await alert()).toMatchObject({ state: 'open', close_outcome: null });
    expect(await rowsOf('select outcome from verification where alert_id = $1 order by id')).toEqual([
      { outcome: 'safe' },
      { outcome: 'could_not_reach' },
    ]);
    expect(await timeline()).toContain('corrected');
  });

  it('an incomplete correction comes back with what is missing', async () => {
    await post('neighbour', { outcome: 'safe', method: 'phone' });
    const response = await post('neighbour', { method: 'phone', note: 'it was' }, '/correct');

    expect(response.statusCode).toBe(422);
    expect(response.body).toContain('请选择您看到的情况');
    expect(response.body).toContain('it was');
    expect(await alert()).toMatchObject({ state: 'closed', close_outcome: 'safe' });
  });

  it('is the only time, and nobody corrects what they have not said', async () => {
    await post('neighbour', { outcome: 'safe', method: 'phone' });
    expect((await post('daughter', { outcome: 'safe', method: 'phone' }, '/correct')).statusCode).toBe(409);
    minutesLater(11);

    expect(await get('neighbour')).not.toContain('更正我的答复');
    expect(await get('neighbour', '/correct')).toContain('更正的时间已过');
    const response = await post('neighbour', { outcome: 'could_not_reach', method: 'phone' }, '/correct');
    expect(response.statusCode).toBe(409);
    expect(response.body).toContain('更正的时间已过');
    expect(await alert()).toMatchObject({ state: 'closed', close_outcome: 'safe' });
  });
});

describe('an alert that is over though it should not be', () => {
  it('goes on at the desk and with all guardians when somebody says that help is needed', async () => {
    await check.answer('daughter', 'safe');
    minutesLater(30);
    expect(await get('neighbour')).toContain(`href="${pathOf('neighbour', '/again')}"`);
    const form = await get('neighbour', '/again');
    expect(form).toContain('value="needs_help"');
    expect(form).not.toContain('value="safe"');

    expect((await post('neighbour', { outcome: 'needs_help' }, '/again')).statusCode).toBe(303);
    expect(await alert()).toMatchObject({ state: 'open', severity: 'emergency' });
    expect(await rowsOf(`select role from outbox where alert_id = $1 and intent = 'emergency'`)).toHaveLength(3);
    expect(await timeline()).toContain('reopened');
  });

  it('does not go on by a form without a choice, nor by one that says all is well', async () => {
    await check.answer('daughter', 'safe');
    for (const form of [{}, { outcome: 'safe', method: 'phone' }, { outcome: 'could_not_reach' }]) {
      expect((await post('neighbour', form, '/again')).statusCode).toBe(422);
    }
    expect(await alert()).toMatchObject({ state: 'closed' });
  });

  it('takes the answer all the same when it has been opened again a moment before', async () => {
    await check.answer('daughter', 'safe');
    const both = await Promise.all([
      post('neighbour', { outcome: 'needs_help' }, '/again'),
      post('desk', { outcome: 'could_not_reach', method: 'phone' }, '/again'),
    ]);

    expect(both.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
    expect(await alert()).toMatchObject({ state: 'open', severity: 'emergency' });
    expect(await rowsOf('select outcome from verification where alert_id = $1')).toHaveLength(3);
  });

  it('goes on for two who call for help at once when a third has just said that all is well', async () => {
    const all = await Promise.all([
      post('daughter', { outcome: 'safe', method: 'phone' }),
      post('neighbour', { outcome: 'needs_help' }),
      post('nephew', { outcome: 'needs_help' }),
    ]);

    expect(all.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303]);
    expect(await alert()).toMatchObject({ state: 'open', severity: 'emergency' });
    expect(await rowsOf('select outcome from verification where alert_id = $1')).toHaveLength(3);
  });

  it('needs no such form while it is open', async () => {
    expect(await get('neighbour', '/again')).toContain('value="safe"');
  });
});

describe('a note', () => {
  it('is kept at any time, shown to whoever wrote it, and changes nothing', async () => {
    await check.answer('daughter', 'safe');
    const before = await alert();
    expect((await post('neighbour', { note: ' She was <b>in</b> the garden ' }, '/note')).statusCode).toBe(303);

    expect(await get('neighbour', '/note')).toContain('She was &lt;b&gt;in&lt;/b&gt; the garden');
    expect(await get('daughter', '/note')).not.toContain('garden');
    expect(await alert()).toEqual(before);
    expect(await timeline()).toContain('note_added');
  });

  it.each([{}, { note: '   ' }, { note: 'x'.repeat(1_001) }])(
    'that is empty or too long comes back: %#',
    async (form) => {
      const response = await post('neighbour', form, '/note');
      expect(response.statusCode).toBe(422);
      expect(response.body).toContain('请填写内容');
      expect(await rowsOf('select note from check_note where alert_id = $1')).toEqual([]);
    },
  );
});

describe('what belongs to a check beside its outcome', () => {
  it('is kept: when, where, and through which link', async () => {
    await post('neighbour', { outcome: 'safe', method: 'in_person', checked_at: '07:40', place: 'home' });

    const [kept] = await rowsOf(
      `select checked_at, place, link_id is not null as linked from verification where alert_id = $1`,
    );
    const { rows } = await database.pool.query<{ shown: string }>(
      `select to_char($1::timestamptz at time zone 'Asia/Shanghai', 'HH24:MI') as shown`,
      [kept!['checked_at']],
    );
    expect(rows).toEqual([{ shown: '07:40' }]);
    expect(kept).toMatchObject({ place: 'home', linked: true });
  });

  it('is asked for again when no clock shows it, but never of somebody who calls for help', async () => {
    const wrong = { method: 'in_person', checked_at: 'noon', place: 'moon' };
    const response = await post('neighbour', { outcome: 'safe', ...wrong });
    expect(response.statusCode).toBe(422);
    expect(response.body).toContain('id="checked_at-error"');
    expect(response.body).toContain('value="noon"');

    const help = { outcome: 'needs_help', ...wrong, note: 'x'.repeat(2_000) };
    expect((await post('neighbour', help)).statusCode).toBe(303);
  });

  it('makes a visit of a check at the door, and none of a telephone call', async () => {
    await post('daughter', { outcome: 'could_not_reach', method: 'phone' });
    await post('neighbour', { outcome: 'safe', method: 'in_person', checked_at: '07:00' });

    const visits = await rowsOf(
      `select visit.outcome, visit.person_id, visited_at < recorded_at as earlier from visit
       join verification on verification.id = verification_id where alert_id = $1`,
    );
    expect(visits).toEqual([{ outcome: 'safe', person_id: check.home.people['neighbour']!.id, earlier: true }]);
  });
});

describe('a program that sends one form after another', () => {
  it('is told to wait after thirty in ten minutes, with the numbers to call; another link is not touched', async () => {
    for (let i = 0; i < MOST_FORMS_OF_A_LINK; i += 1) {
      expect((await post('neighbour', {}, '')).statusCode).toBe(422);
    }
    const response = await post('neighbour', { outcome: 'safe', method: 'phone' });
    expect(response.statusCode).toBe(429);
    expect(response.body).toContain('href="tel:120"');
    expect(await alert()).toMatchObject({ state: 'open' });
    expect((await post('daughter', { outcome: 'could_not_reach', method: 'phone' })).statusCode).toBe(303);

    minutesLater(10);
    expect((await post('neighbour', { outcome: 'safe', method: 'phone' })).statusCode).toBe(303);
  });
});

describe('what the water shows', () => {
  it('is drawn for the last seven days beside an ordinary one, and written out for those who do not see it', async () => {
    await fillDays(database.pool, check.home.id, pages.clock.now(), (ago) => (ago === 0 ? 0 : 90 + ago));
    const body = await get('neighbour');

    expect(body).toContain('虚线是平常的一天：108升');
    expect(body).toMatch(/aria-label="最近七天的用水: .* 96升, .* 95升, .* 91升, 今天 0升"/);
    expect(body.match(/<rect/g)).toHaveLength(7);
    expect(body.indexOf('<svg')).toBeGreaterThan(body.indexOf('</form>'));
    const family = await get('daughter');
    expect(family.indexOf('<svg')).toBeLessThan(family.indexOf('name="outcome"'));
  });

  it('is not drawn when nothing is known', async () => {
    expect(await get('neighbour')).not.toContain('<svg');
  });
});

describe("family's page", () => {
  it('calls a telephone call what it is', async () => {
    expect(await get('daughter')).toContain('联系上了，平安');
    expect(await get('neighbour')).not.toContain('联系上了，平安');
  });
});
