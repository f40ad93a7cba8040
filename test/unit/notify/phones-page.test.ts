import { fastify } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { describe, expect, it } from 'vitest';
import { phonesPage } from '../../../src/web/phones/phones-page.ts';
import type { InboxText } from '../../../src/web/phones/render-phones.ts';

const AT = new Date('2026-03-02T00:30:00Z');
const texts: InboxText[] = [
  { n: 1, channel: 'sms', to: '+8613800000001', body: 'first https://sw.example.org/v/abc', at: AT },
  { n: 2, channel: 'sms', to: '+8613800000002', body: '<script>alert("x")</script>', at: AT },
  { n: 3, channel: 'sms', to: '+8613800000001', body: 'second', at: AT },
];

async function get(url: string) {
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(phonesPage, { inbox: { texts: () => texts }, timeZone: 'Asia/Shanghai' });
  const response = await app.inject({ url });
  await app.close();
  return response;
}

describe('the page of the stand-in phones', () => {
  it('says that these are not real phones', async () => {
    expect((await get('/phones')).body).toContain('not real phones');
  });

  it('shows each phone once, the newest text on top, in the wall-clock time of the town', async () => {
    const { body } = await get('/phones');

    expect(body.match(/<h2>[^<]*/g)).toEqual(['<h2>+8613800000001', '<h2>+8613800000002']);
    expect(body.indexOf('second')).toBeLessThan(body.indexOf('first'));
    expect(body).toContain('2026-03-02 08:30:00');
  });

  it('makes a link of an address, and of nothing else', async () => {
    const { body } = await get('/phones');

    expect(body).toContain('<a href="https://sw.example.org/v/abc">https://sw.example.org/v/abc</a>');
    expect(body).not.toContain('<script>');
  });

  it('shows a call as one, with what was said', async () => {
    const call: InboxText = { n: 4, channel: 'voice', to: '+8613800000003', body: 'Press 1 & wait', at: AT };
    texts.push(call);
    const { body } = await get('/phones');
    texts.pop();

    expect(body).toMatch(/<p class="call">.*Call · .*来电.*Press 1 &amp; wait\s*<\/p>/s);
    expect(body).not.toMatch(/<p class="text">[^]*Press 1/);
  });

  it('gives a simulated phone the texts it has not seen', async () => {
    const { texts: fresh } = (await get('/phones.json?after=2')).json<{ texts: unknown[] }>();

    expect(fresh).toEqual([{ n: 3, channel: 'sms', to: '+8613800000001', body: 'second', at: AT.toISOString() }]);
  });
});
