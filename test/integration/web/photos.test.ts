import { type EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/core/logger.ts';
import { LARGEST_PHOTO_SENT, MOST_PHOTOS, PHOTO_KEPT_DAYS } from '../../../src/domain/alerting/check-photo.ts';
import { housekeep } from '../../../src/main/housekeep.ts';
import { MOST_AT_ONCE } from '../../../src/web/verification/photo/take-photo.ts';
import { type CheckPages, checkPages, type OpenCheck } from '../../support/check-pages.ts';
import { useDatabase } from '../../support/database.ts';
import { HIDDEN, photoOfPhone } from '../../support/photos.ts';
import { fingerprintOf } from '../../support/table-dump.ts';

const database = useDatabase();
let pages: CheckPages;
let app: FastifyInstance;
let check: OpenCheck;
let photo: Buffer;

beforeAll(async () => {
  pages = checkPages(database.pool);
  app = await pages.app({ takesPhotos: true });
  await app.listen({ host: '127.0.0.1', port: 0 });
  photo = await photoOfPhone();
});
afterAll(() => app.close());
beforeEach(async () => {
  check = await pages.openCheck();
});

const SAFE = { outcome: 'safe', method: 'in_person' };
const NOBODY = { outcome: 'could_not_reach', method: 'in_person' };

const pathOf = (name: string, part = '') => `/v/${check.tokens[name]!}${part}`;
const get = (name: string, part = '') => app.inject({ method: 'GET', url: pathOf(name, part) });

/** Sends the form as a browser does, with the photo as its last field. */
async function post(name: string, form: Record<string, string>, sent?: Buffer, part = '', to = app) {
  const data = new FormData();
  for (const [field, value] of Object.entries(form)) data.append(field, value);
  data.append(
    'photo',
    sent ? new File([new Uint8Array(sent)], 'IMG_0001.jpg', { type: 'image/jpeg' }) : new File([], ''),
  );
  const request = new Request('http://localhost/', { method: 'POST', body: data });
  const payload = Buffer.from(await request.arrayBuffer());
  const headers = { 'content-type': request.headers.get('content-type')! };
  return to.inject({ method: 'POST', url: pathOf(name, part), payload, headers });
}

const rowsOf = async (text: string): Promise<Record<string, unknown>[]> => {
  const { rows } = await database.pool.query<Record<string, unknown>>(text, [check.alertId]);
  return rows;
};
const answers = () => rowsOf('select outcome, note from verification where alert_id = $1 order by id');
const photos = () =>
  rowsOf('select id, person_id, jpeg, width, height from check_photo where alert_id = $1 order by id');
const noted = async () => (await rowsOf(`select from alert_event where alert_id = $1 and type = 'photo_added'`)).length;
const pictures = (body: string) => [...body.matchAll(/<img[^>]* src="([^"]+)"/g)].map(([, url = '']) => url);

describe('an answer with a photo', () => {
  it('is recorded, and the photo kept without what was hidden in it, for whoever sent it to see', async () => {
    const response = await post('neighbour', { ...SAFE, note: '她在花园里' }, photo);
    expect(response.headers.location).toBe(pathOf('neighbour', '/result'));
    expect(await answers()).toEqual([{ outcome: 'safe', note: '她在花园里' }]);
    expect(await photos()).toMatchObject([{ person_id: check.home.people['neighbour']!.id, width: 480, height: 640 }]);
    expect(await noted()).toBe(1);

    const result = await get('neighbour', '/result');
    expect(result.headers['content-security-policy']).toMatch(/; img-src 'self'$/);
    const [url] = pictures(result.body);
    const before = await fingerprintOf(database.pool);
    const picture = await app.inject({ method: 'GET', url: url! });
    expect(picture.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(picture.rawPayload.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(picture.rawPayload.includes(HIDDEN.phone)).toBe(false);
    expect(await fingerprintOf(database.pool)).toEqual(before);
  });

  it('sent twice is one answer with one photo', async () => {
    const both = await Promise.all([post('neighbour', NOBODY, photo), post('neighbour', NOBODY, photo)]);
    const result = pathOf('neighbour', '/result');
    expect(both.map(({ headers }) => headers.location)).toEqual([result, result]);
    expect(await answers()).toHaveLength(1);
    expect(await photos()).toHaveLength(1);
    expect(await noted()).toBe(1);
  });

  it('may come later: with the same answer again, a correction, or what contradicts the end', async () => {
    await post('neighbour', SAFE);
    expect(await photos()).toEqual([]);
    const sent = [
      await post('neighbour', SAFE, await photoOfPhone(80, 60)),
      await post('neighbour', SAFE, await photoOfPhone(88, 60), '/correct'),
      await post('daughter', { outcome: 'needs_help' }, await photoOfPhone(96, 60), '/again'),
    ];
    expect(sent.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303]);
    expect((await photos()).map(({ height }) => height)).toEqual([80, 88, 96]);
  });

  it('that comes too late is kept beside the one that stands, and so is the photo', async () => {
    await check.answer('daughter', 'safe');
    const response = await post('neighbour', NOBODY, photo);
    expect(response.statusCode).toBe(409);
    expect(response.body).not.toContain('<aside>');
    expect(await photos()).toHaveLength(1);
  });
});

describe('without a photo', () => {
  it.each(['multipart', 'urlencoded'])('the answer is taken as always (%s)', async (encoding) => {
    const response =
      encoding === 'multipart'
        ? await post('neighbour', SAFE)
        : await app.inject({
            method: 'POST',
            url: pathOf('neighbour'),
            payload: new URLSearchParams(SAFE).toString(),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          });
    expect(response.headers.location).toBe(pathOf('neighbour', '/result'));
    expect(await answers()).toMatchObject([{ outcome: 'safe' }]);
    const result = await get('neighbour', '/result');
    expect(result.body).not.toMatch(/<aside|<section|<img/);
    expect(result.headers['content-security-policy']).not.toContain('img-src');
  });

  it('nobody is asked for one, and none is taken, unless the operator wants it', async () => {
    const plain = await pages.app();
    const form = await plain.inject({ method: 'GET', url: pathOf('neighbour') });
    expect(form.body).not.toMatch(/multipart|type="file"/);
    expect((await get('neighbour')).body).toMatch(/enctype="multipart\/form-data"[^]*type="file"/);
    expect((await post('neighbour', SAFE, photo, '', plain)).statusCode).toBe(415);
    await post('neighbour', SAFE, photo);
    const { id } = (await photos())[0]!;
    const url = pathOf('neighbour', `/photo/${String(id)}`);
    expect((await plain.inject({ method: 'GET', url })).statusCode).toBe(404);
    await plain.close();
  });
});

describe('a photo that cannot be kept', () => {
  it.each([
    { what: 'no picture', sent: () => Buffer.from('%PDF-1.7 and more'), word: '不是能识别的照片' },
    { what: 'half a picture', sent: () => photo.subarray(0, photo.length / 2), word: '不是能识别的照片' },
    { what: 'too large', sent: () => Buffer.alloc(LARGEST_PHOTO_SENT + 1), word: '文件太大' },
  ])('leaves the answer as it is, and is told of: $what', async ({ sent, word }) => {
    const response = await post('neighbour', { ...SAFE, note: 'fine' }, sent());
    expect(response.statusCode).toBe(303);
    expect(await answers()).toEqual([{ outcome: 'safe', note: 'fine' }]);
    expect(await photos()).toEqual([]);

    const result = await app.inject({ method: 'GET', url: String(response.headers.location) });
    expect(result.body).toMatch(new RegExp(`<aside>[^]*您的答复已经记下。照片没有保存[^]*${word}`));
    const english = await app.inject({ method: 'GET', url: `${String(response.headers.location)}&lang=en` });
    expect(english.body).toContain('Your answer is recorded. The photo is not kept');
  });

  it('leaves an answer that came too late as it is, and is told of on its page', async () => {
    await check.answer('daughter', 'safe');
    const response = await post('neighbour', NOBODY, Buffer.from('no photo'));
    expect(response.statusCode).toBe(409);
    expect(response.body).toMatch(/<aside>[^]*照片没有保存/);
    expect(await answers()).toHaveLength(2);
  });

  it('is chosen again when the form comes back', async () => {
    const response = await post('neighbour', { outcome: 'false_alarm', note: 'kept' }, photo);
    expect(response.statusCode).toBe(422);
    expect(response.body).toMatch(/<aside>[^]*请在下面重新选择[^]*kept/);
    expect(await photos()).toEqual([]);
  });

  it('is the sixth of one person', async () => {
    for (let i = 0; i < MOST_PHOTOS; i += 1) await post('neighbour', NOBODY, await photoOfPhone(64 + 2 * i, 48));
    const sixth = await post('neighbour', NOBODY, photo);
    expect(sixth.headers.location).toContain('?photo=too_many');
    expect(await photos()).toHaveLength(MOST_PHOTOS);
    expect((await post('daughter', NOBODY, photo)).headers.location).toBe(pathOf('daughter', '/result'));
  });

  it('is one that the database does not take', async () => {
    await database.pool.query('alter table check_photo rename to check_photo_away');
    try {
      const response = await post('neighbour', SAFE, photo);
      expect(response.headers.location).toContain('?photo=failed');
      expect(await answers()).toHaveLength(1);
    } finally {
      await database.pool.query('alter table check_photo_away rename to check_photo');
    }
  });

  it('is one whose telephone loses its network on the way: the answer had arrived', async () => {
    const telephone = await halfAPhoto();
    telephone.end();
    await expect.poll(answers).toEqual([{ outcome: 'could_not_reach', note: '' }]);
    expect(await photos()).toEqual([]);
  });

  it('is one too many at once: no more are held in memory, and every answer is taken', async () => {
    const slow: Socket[] = [];
    for (let i = 0; i < MOST_AT_ONCE; i += 1) slow.push(await halfAPhoto());
    const response = await post('daughter', NOBODY, photo);
    expect(response.headers.location).toContain('?photo=failed');
    expect(await answers()).toHaveLength(1);

    for (const telephone of slow) telephone.end();
    await expect
      .poll(async () => (await post('daughter', NOBODY, photo)).headers.location)
      .toBe(pathOf('daughter', '/result'));
  });
});

/** A telephone that has sent the form and the first half of its photo, and holds the line. */
async function halfAPhoto(): Promise<Socket> {
  const { port } = app.server.address() as AddressInfo;
  const form = Object.entries(NOBODY).map(
    ([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--b\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`;
  const head = [`POST ${pathOf('neighbour')} HTTP/1.1`, 'host: localhost', 'content-length: 100000'];
  const body = [...form, file, 'half of it'].join('');
  const telephone = connect(port, '127.0.0.1');
  const arrived = once(app.server, 'request').then(([request]) => request as EventEmitter);
  telephone.write([...head, 'content-type: multipart/form-data; boundary=b', '', body].join('\r\n'));
  const request = await arrived;
  await expect.poll(() => request.listenerCount('data')).toBeGreaterThan(0);
  return telephone;
}

describe('who sees a photo', () => {
  it('is whoever sent it, and desk and supervisor; never the others, and never who was asked about another alert', async () => {
    await post('neighbour', NOBODY, photo);
    const { id } = (await photos())[0]!;
    const part = `/photo/${String(id)}`;
    expect((await get('neighbour', part)).statusCode).toBe(200);
    expect((await get('desk', part)).statusCode).toBe(200);
    expect((await get('daughter', part)).statusCode).toBe(404);
    expect(pictures((await get('desk')).body)).toEqual([pathOf('desk', part)]);
    expect((await get('desk')).body).toContain('社区联系人 李*，3月2日');
    expect(pictures((await get('daughter')).body)).toEqual([]);

    check = await pages.openCheck();
    expect((await get('desk', part)).statusCode).toBe(404);
    for (const wrong of ['/photo/0', '/photo/x', '/photo/99999999999999999999']) {
      expect((await get('desk', wrong)).statusCode).toBe(404);
    }
    const unknown = await app.inject({ method: 'GET', url: `/v/${'A'.repeat(22)}${part}` });
    expect(unknown.statusCode).toBe(404);
  });

  it('is nobody after ninety days', async () => {
    await post('neighbour', NOBODY, photo);
    const days = async (after: number) => {
      pages.clock.advanceTo(new Date(pages.clock.now().getTime() + after * 86_400_000));
      await housekeep({ pool: database.pool, clock: pages.clock, log: createLogger('silent') });
      return photos();
    };
    expect(await days(PHOTO_KEPT_DAYS - 1)).toHaveLength(1);
    expect(await days(2)).toEqual([]);
    expect(await noted()).toBe(1);
  });
});
