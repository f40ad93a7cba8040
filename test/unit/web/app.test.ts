import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { createApp } from '../../../src/web/app.ts';
import { homePage } from '../../../src/web/home-page.ts';
import { loggerWithLines } from '../../support/log-lines.ts';

const opened: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()));
});

async function appWith(parts: (app: FastifyInstance) => void, trustedProxies: readonly string[] = []) {
  const { log, lines } = loggerWithLines();
  const app = await createApp({
    log,
    trustedProxies,
    parts: (instance) => {
      parts(instance);
      return Promise.resolve();
    },
  });
  opened.push(app);
  return { app, lines };
}

const throwing = (error: Error) => (app: FastifyInstance) => {
  app.get('/v/:token', () => Promise.reject(error));
};

describe('where a request comes from', () => {
  const telling = (app: FastifyInstance) => {
    app.get('/', ({ ip }) => Promise.resolve(ip));
  };
  const ask = async (app: FastifyInstance, remoteAddress: string) =>
    (await app.inject({ url: '/', remoteAddress, headers: { 'x-forwarded-for': '203.0.113.9' } })).body;

  it('is what a proxy says that was named, and nobody else', async () => {
    const { app } = await appWith(telling, ['10.0.0.0/8']);
    expect(await ask(app, '10.1.2.3')).toBe('203.0.113.9');
    expect(await ask(app, '198.51.100.7')).toBe('198.51.100.7');
  });

  it('is the other end of the connection where no proxy was named', async () => {
    const { app } = await appWith(telling);
    expect(await ask(app, '10.1.2.3')).toBe('10.1.2.3');
  });
});

describe('an error', () => {
  it('tells people what they may know, and programs its code', async () => {
    const refused = new AppError('alert_not_found', 'alert 7 of +8613800000000', { publicMessage: 'No such alert.' });
    const { app } = await appWith(throwing(refused));
    const page = await app.inject({ url: '/v/secret', headers: { accept: 'text/html,*/*' } });
    const json = await app.inject({ url: '/v/secret', headers: { accept: 'application/json' } });

    expect(page.statusCode).toBe(404);
    expect(page.body).toContain('No such alert.');
    expect(page.body).not.toContain('13800000000');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(json.json()).toEqual({ error: 'alert_not_found', status: 404 });
  });

  it('that nobody foresaw keeps its text inside, and is logged without the address', async () => {
    const { app, lines } = await appWith(throwing(new Error('bad value "+8613800000000"')));
    const page = await app.inject({ url: '/v/secret?lang=en', headers: { accept: 'text/html' } });

    expect(page.statusCode).toBe(500);
    expect(page.body).toContain('Something went wrong');
    expect(page.body).not.toContain('13800000000');
    expect(lines()).toContain('"route":"/v/:token"');
    expect(lines()).not.toContain('secret');
  });

  it('of the service says 500 and not what its name is', async () => {
    const { app } = await appWith(throwing(new AppError('database_not_migrated', 'run migrate')));

    expect((await app.inject('/v/secret')).statusCode).toBe(500);
  });
});

describe('the log', () => {
  it('holds the pattern of a route and never an address, whatever is asked for', async () => {
    const { app, lines } = await appWith((instance) => {
      instance.get('/v/:token', (request, reply) => {
        request.log.info({ req: request }, 'opened');
        return reply.send('ok');
      });
    });
    for (const url of [
      '/v/secret',
      '/v/secret?lang=secret',
      '/secret',
      '/v/secret%zz',
      `/v/secret${'x'.repeat(200)}`,
    ]) {
      await app.inject({ url, headers: { referer: 'http://secret' } });
    }

    expect(lines()).toContain('"status":200');
    expect(lines()).toContain('"status":404');
    expect(lines()).not.toContain('secret');
  });
});

describe('the first page', () => {
  it('says what this is and leads to the pages that there are', async () => {
    const bare = await appWith((instance) => void instance.register(homePage));
    const full = await appWith((instance) => {
      void instance.register(homePage);
      instance.get('/phones', () => 'phones');
      instance.get('/health/ready', () => 'ready');
    });

    expect((await bare.app.inject('/')).body).not.toContain('href');
    const { body } = await full.app.inject('/');
    expect(body).toContain('Watches over people who live alone');
    expect(body).toContain('href="/phones"');
    expect(body).toContain('href="/health/ready"');
  });
});
