import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintCheckCode } from '../../../src/core/check-code.ts';
import { MOST_ATTEMPTS } from '../../../src/domain/alerting/code-limits.ts';
import { type CheckPages, checkPages, type OpenCheck } from '../../support/check-pages.ts';
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
  await database.pool.query('delete from attempt_count');
  check = await pages.openCheck();
});

let addresses = 0;
/** Somebody of their own, as far as the network shows. */
const someAddress = () => `10.${(addresses += 1) >> 8}.${addresses & 255}.1`;

function enter(code: string, phone: string, more: { address?: string; url?: string } = {}) {
  return app.inject({
    method: 'POST',
    url: more.url ?? '/c',
    remoteAddress: more.address ?? someAddress(),
    payload: new URLSearchParams({ code, phone }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}
const phoneOf = (name: string) => check.home.people[name]!.phone;
const lastFour = (name: string) => phoneOf(name).slice(-4);
const otherFour = (name: string) => String((Number(lastFour(name)) + 1) % 10_000).padStart(4, '0');
const timeline = async () => {
  const text = 'select type from alert_event where alert_id = $1 order by id';
  const { rows } = await database.pool.query<{ type: string }>(text, [check.alertId]);
  return rows.map(({ type }) => type);
};

describe('the page that takes a code', () => {
  it('is shown without changing anything, in the language of the browser or the one asked for', async () => {
    const before = await fingerprintOf(database.pool);
    const get = (url: string, headers = {}) => app.inject({ method: 'GET', url, headers });

    expect((await get('/c')).body).toContain('请输入短信里的代码');
    expect((await get('/c', { 'accept-language': 'en-GB,en;q=0.9' })).body).toContain('Enter the code from your text');
    expect((await get('/c?lang=en')).body).toContain('<html lang="en">');
    expect((await app.inject({ method: 'HEAD', url: '/c' })).statusCode).toBe(200);
    expect(await fingerprintOf(database.pool)).toEqual(before);
  });

  it('leads to the same form as the link, at an address that holds no code', async () => {
    const code = await check.codeFor('neighbour');
    const response = await enter(code, lastFour('neighbour'));
    const { location } = response.headers;

    expect(response.statusCode).toBe(303);
    expect(location).toMatch(/^\/v\/[\w-]{22}$/);
    expect(location).not.toContain(code);
    const [behindCode, behindLink] = await Promise.all(
      [location!, `/v/${check.tokens['neighbour']!}`].map(
        async (url) => (await app.inject({ method: 'GET', url })).body,
      ),
    );
    const withoutToken = (body: string) => body.replace(/\/v\/[\w-]{22}/g, '/v/');
    expect(withoutToken(behindCode!)).toBe(withoutToken(behindLink!));
    expect(await timeline()).toContain('code_entered');
  });

  it('makes one link and one line of the timeline however often the code is entered', async () => {
    const code = await check.codeFor('neighbour');
    const responses = await Promise.all([1, 2, 3].map(() => enter(code, lastFour('neighbour'))));

    expect(new Set(responses.map(({ headers }) => headers.location)).size).toBe(1);
    expect((await timeline()).filter((type) => type === 'code_entered')).toHaveLength(1);
  });

  it('reads what people type: small letters, blanks, O for 0, the whole phone', async () => {
    const code = await check.codeFor('neighbour');
    const typed = ` ${code.toLowerCase().replaceAll('0', 'o').slice(0, 4)} ${code.toLowerCase().slice(4)}`;

    expect((await enter(typed, `+86 ${phoneOf('neighbour').slice(3)}`)).statusCode).toBe(303);
  });

  it('carries a chosen language on, and otherwise leaves everybody theirs', async () => {
    const code = await check.codeFor('nephew');
    expect((await enter(code, lastFour('nephew'))).headers.location).toMatch(/^\/v\/[\w-]{22}$/);
    expect((await enter(code, lastFour('nephew'), { url: '/c?lang=zh-CN' })).headers.location).toMatch(/\?lang=zh-CN$/);
  });

  it('gives the same answer to every wrong code, and keeps what was typed', async () => {
    const [right, revoked, over] = [
      await check.codeFor('neighbour'),
      await check.codeFor('desk'),
      mintCheckCode('letters'),
    ];
    await database.pool.query('update check_code set revoked_at = created_at where alert_id = $1 and person_id = $2', [
      check.alertId,
      check.home.people['desk']!.id,
    ]);
    const tries = [
      [right, otherFour('neighbour')],
      [right, ''],
      [revoked, lastFour('desk')],
      [over, lastFour('neighbour')],
      ['nonsense', lastFour('neighbour')],
      ['', ''],
    ] as const;
    const answers = await Promise.all(tries.map(([code, phone]) => enter(code, phone)));

    for (const [i, { statusCode, body, headers }] of answers.entries()) {
      const [code, phone] = tries[i]!;
      expect(statusCode).toBe(422);
      expect(body).toContain('代码或手机号不对');
      expect(body).toContain(`value="${code}"`);
      const blank = (text: string, typed: string) => (typed ? text.replace(`value="${typed}"`, 'value=""') : text);
      expect(blank(blank(body, code), phone)).toBe(blank(blank(answers.at(-1)!.body, ''), ''));
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('still leads to a check that is over, for seven days and no longer', async () => {
    const code = await check.codeFor('neighbour');
    await check.answer('daughter', 'safe');
    const closedAt = pages.clock.now().getTime();
    const { headers } = await enter(code, lastFour('neighbour'));
    expect((await app.inject({ method: 'GET', url: headers.location! })).body).toContain('这次提醒已结束');

    pages.clock.advanceTo(new Date(closedAt + 7 * 86_400_000 + 1_000));
    expect((await enter(code, lastFour('neighbour'))).statusCode).toBe(422);
  });

  it('takes the six digits of a poorer gateway only with the whole phone', async () => {
    const code = await check.codeFor('neighbour', 'digits');

    expect((await enter(code, lastFour('neighbour'))).statusCode).toBe(422);
    expect((await enter(code, phoneOf('daughter').slice(3))).statusCode).toBe(422);
    expect((await enter(code, phoneOf('neighbour').slice(3))).statusCode).toBe(303);
  });

  it('takes only the latest six digits for a check, and every code of letters', async () => {
    const [earlier, latest] = [await check.codeFor('neighbour', 'digits'), await check.codeFor('neighbour', 'digits')];
    const [letters] = [await check.codeFor('neighbour'), await check.codeFor('neighbour')];
    const phone = phoneOf('neighbour').slice(3);

    expect((await enter(earlier, phone)).statusCode).toBe(422);
    expect((await enter(latest, phone)).statusCode).toBe(303);
    expect((await enter(letters, phone)).statusCode).toBe(303);
  });

  it('refuses a form that another site sends', async () => {
    const response = await app.inject({ method: 'POST', url: '/c', headers: { 'sec-fetch-site': 'cross-site' } });
    expect(response.statusCode).toBe(403);
  });
});

describe('somebody who guesses', () => {
  it('has five tries at the digits of a phone, and then the code is void for everybody', async () => {
    const code = await check.codeFor('neighbour');
    for (let i = 0; i < 5; i += 1) expect((await enter(code, otherFour('neighbour'))).statusCode).toBe(422);

    expect((await enter(code, lastFour('neighbour'))).statusCode).toBe(422);
    expect(await timeline()).toContain('code_voided');
  });

  it('has four tries and no harm is done', async () => {
    const code = await check.codeFor('neighbour');
    for (let i = 0; i < 4; i += 1) await enter(code, otherFour('neighbour'));

    expect((await enter(code, lastFour('neighbour'))).statusCode).toBe(303);
  });

  it('has five tries at six digits with the phone of their victim, also when all come at once', async () => {
    const code = await check.codeFor('neighbour', 'digits');
    const phone = phoneOf('neighbour').slice(3);
    const wrong = (i: number) => String((Number(code) + 1 + i) % 1_000_000).padStart(6, '0');
    await Promise.all([0, 1, 2, 3, 4].map((i) => enter(wrong(i), phone)));

    expect((await enter(code, phone)).statusCode).toBe(422);
    expect((await timeline()).filter((type) => type === 'code_voided')).toHaveLength(1);
    const { rows } = await database.pool.query(
      `select person_id from outbox where alert_id = $1 and intent = 'check_again'`,
      [check.alertId],
    );
    expect(rows).toEqual([{ person_id: check.home.people['neighbour']!.id }]);
  });

  it('does not void a code of letters by guessing with its phone: those are too many to be guessed', async () => {
    const code = await check.codeFor('neighbour');
    for (let i = 0; i < 6; i += 1) await enter(mintCheckCode('letters'), phoneOf('neighbour').slice(3));

    expect((await enter(code, lastFour('neighbour'))).statusCode).toBe(303);
  });

  it('is told to wait after twenty wrong tries from one address, right or wrong, until the ten minutes are over', async () => {
    const code = await check.codeFor('neighbour');
    const address = someAddress();
    for (let i = 0; i < MOST_ATTEMPTS.address; i += 1) {
      expect((await enter('WRONGWRG', String(1_000 + i), { address })).statusCode).toBe(422);
    }
    const blocked = await enter(code, lastFour('neighbour'), { address });
    expect(blocked.statusCode).toBe(429);
    expect(blocked.headers['retry-after']).toBe('600');
    expect(blocked.body).toContain('输入次数太多');
    expect(blocked.body).toContain('href="tel:120"');
    expect((await enter(code, lastFour('neighbour'))).statusCode).toBe(303);

    pages.clock.advanceTo(new Date(pages.clock.now().getTime() + 10 * 60_000));
    expect((await enter(code, lastFour('neighbour'), { address })).statusCode).toBe(303);
  });

  it('is told to wait when one phone is aimed at from many addresses', async () => {
    const code = await check.codeFor('neighbour');
    for (let i = 0; i < MOST_ATTEMPTS.digits; i += 1) await enter('WRONGWRG', lastFour('neighbour'));

    expect((await enter(code, lastFour('neighbour'))).statusCode).toBe(429);
  });

  it('leaves no right entry counted, so that many people behind one address are not kept out', async () => {
    const code = await check.codeFor('neighbour');
    const address = someAddress();
    for (let i = 0; i < MOST_ATTEMPTS.address + 5; i += 1) {
      expect((await enter(code, lastFour('neighbour'), { address })).statusCode).toBe(303);
    }
  });

  it('leaves neither codes, phones nor addresses in the database', async () => {
    const code = await check.codeFor('neighbour');
    const address = '203.0.113.77';
    await enter(code, lastFour('neighbour'), { address });
    await enter(code, otherFour('neighbour'), { address });
    const { rows } = await database.pool.query<{ row: string }>(
      'select c::text as row from check_code c union all select a::text from attempt_count a',
    );
    const kept = rows.map(({ row }) => row).join('\n');
    for (const secret of [code, address, lastFour('neighbour')]) {
      if (secret.length > 4) expect(kept).not.toContain(secret);
      expect(kept).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});
