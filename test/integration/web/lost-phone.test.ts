import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { revokeAccess } from '../../../src/alerts/revoke-access.ts';
import { type CheckPages, checkPages } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
let pages: CheckPages;
let app: FastifyInstance;

beforeAll(async () => {
  pages = checkPages(database.pool);
  app = await pages.app();
});
afterAll(() => app.close());

it('lets nobody in who found the phone, by link, by code or by what the code had opened; others are not touched', async () => {
  const check = await pages.openCheck();
  const { phone } = check.home.people['neighbour']!;
  const [used, unused] = [await check.codeFor('neighbour'), await check.codeFor('neighbour')];
  const enter = (code: string) =>
    app.inject({
      method: 'POST',
      url: '/c',
      payload: new URLSearchParams({ code, phone: phone.slice(-4) }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const opened = (await enter(used)).headers.location!;
  const statusOf = async (url: string) => (await app.inject({ method: 'GET', url })).statusCode;
  expect(await statusOf(opened)).toBe(200);

  const deps = { pool: database.pool, clock: pages.clock };
  expect(await revokeAccess(deps, { phone, actor: 'the desk' })).toEqual({ links: 2, codes: 2 });
  expect(await revokeAccess(deps, { phone, actor: 'the desk' })).toEqual({ links: 0, codes: 0 });
  expect(await revokeAccess(deps, { phone: '+8613000000000', actor: 'the desk' })).toBe(undefined);

  expect(await statusOf(`/v/${check.tokens['neighbour']!}`)).toBe(404);
  expect(await statusOf(opened)).toBe(404);
  expect([(await enter(used)).statusCode, (await enter(unused)).statusCode]).toEqual([422, 422]);
  expect(await statusOf(`/v/${check.tokens['daughter']!}`)).toBe(200);
  const { rows } = await database.pool.query(
    `select type from alert_event where alert_id = $1 and type = 'access_revoked'`,
    [check.alertId],
  );
  expect(rows).toHaveLength(1);
});
