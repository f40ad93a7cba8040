import fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';

const written: { fd: number; line: string }[] = [];
vi.spyOn(fs, 'writeSync').mockImplementation((fd: number, line: unknown) => {
  written.push({ fd, line: String(line) });
  return Buffer.byteLength(String(line));
});
afterEach(() => written.splice(0));

it('writes lines of JSON to standard error, and none below its level', () => {
  const log = createLogger('warn');
  log.info('a reading came in');
  log.warn({ meters: 3 }, 'meters are silent');

  expect(written).toHaveLength(1);
  expect(written[0]?.fd).toBe(2);
  expect(JSON.parse(written[0]?.line ?? '')).toMatchObject({ level: 40, meters: 3, msg: 'meters are silent' });
});

it("lets nobody's phone into the log when a statement fails", () => {
  const failure = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (phone)=(+8613800000000)' });
  createLogger('info').error({ err: failure }, 'a person could not be stored');

  expect(written[0]?.line).not.toContain('13800000000');
  expect(JSON.parse(written[0]?.line ?? '')).toMatchObject({ err: { code: '23505', message: 'duplicate key' } });
});

it('names the code of an error somebody foresaw, and copes with things that are no errors', () => {
  const log = createLogger('info');
  log.error({ err: new AppError('service_unreachable', 'the broker is away') });
  log.error({ err: 'gone' });

  expect(written.map(({ line }) => (JSON.parse(line) as { err: unknown }).err)).toMatchObject([
    { code: 'service_unreachable' },
    { message: 'gone' },
  ]);
});

it('leaves out of the words of an error what they quote', () => {
  const quoted = ['"+8613800000000"', '138 0000 0000', 'GET /v/AbCdEfGhIjKlMnOpQrStUv', '"张伟" is no number'];
  for (const words of quoted) createLogger('info').error({ err: new Error(words) });
  createLogger('info').error({ err: '+8613800000000' });

  const messages = written.map(({ line }) => (JSON.parse(line) as { err: { message: string } }).err.message);
  expect(messages).toEqual(['"[digits]"', '[digits]', 'GET /v/[token]', '"[text]" is no number', '[digits]']);
  expect(written.map(({ line }) => line).join('')).not.toMatch(/张伟|AbCd|1380/);
});

it('shows no secret', () => {
  createLogger('info').info({ url: new Secret('redis://:open-sesame@host') });
  expect(written[0]?.line).not.toContain('sesame');
});
