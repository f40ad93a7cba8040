import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { isWritten, leaksIn } from '../support/log-watch/leaks.ts';
import { processesIn } from './watched-run.ts';

/** Something private, written in each way in which a process can write. */
const PLANTED: Readonly<Record<string, string>> = {
  'a line of the log': `pino({ level: 'info' }, { write() {} }).warn('to +8613800000001')`,
  'a field of the log': `pino({ level: 'debug' }, { write() {} }).debug({ who: '张伟' }, 'told')`,
  'a line that the level lets not through': `pino({ level: 'silent' }, { write() {} }).info({ phone: '13800000001' })`,
  'a line of a child of the log': `pino({ level: 'warn' }, { write() {} }).child({ name: 'Rosa Gruber' }).info('x')`,
  'the console': `console.log('/v/' + token)`,
  'standard output': `process.stdout.write('at ' + token)`,
  'standard error': `process.stderr.write(token)`,
  'a warning': `process.emitWarning('called +43660000000')`,
  'an error that nobody caught': `throw new Error('no such link: ' + token)`,
  'a rejection that nobody caught': `Promise.reject(new Error('code ' + code.slice(0, 4) + '-' + code.slice(4)))`,
  'a token that a code led to': `console.log(createHmac('sha256', 'key').update('x').digest().subarray(0, 16).toString('base64url'))`,
};
const MAKING = `
  import { createHmac, randomBytes, randomInt } from 'node:crypto';
  import { pino } from 'pino';
  const token = randomBytes(16).toString('base64url');
  const code = Array.from({ length: 8 }, () => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[randomInt(32)]).join('');
`;

describe('what is planted in a process of its own is found', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stillwater-planted-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function leaksOfProgram(script: string): string[] {
    const before = processesIn(folder).length;
    const env = { ...process.env, TEST_LOG_FOLDER: folder };
    spawnSync(process.execPath, ['--input-type=module', '--eval', MAKING + script], { env });
    const written = processesIn(folder).slice(before);
    expect(written).toHaveLength(1);
    const secrets = written[0]!.records.filter(({ kind }) => kind === 'token' || kind === 'code');
    const known = new Set(secrets.map(({ text }) => text));
    return written[0]!.records.filter(isWritten).flatMap((record) => leaksIn(record, known).map(({ what }) => what));
  }

  it.each(Object.entries(PLANTED))('in %s', (_where, script) => {
    expect(leaksOfProgram(script)).not.toEqual([]);
  });

  it('and nothing is where nothing is planted', () => {
    const harmless = `
      pino({ level: 'info' }, { write() {} }).info({ ms: 1796000000000, home: 'SW-1001', meterId: 12345678901 }, 'fine');
      console.log('Content-Length: 138000000000, verification_link_pkey, /v/:token, 2026-03-02T00:00:00+08:00');
    `;
    expect(leaksOfProgram(harmless)).toEqual([]);
  });
});

describe('a process that runs tests is watched', () => {
  it('in its log at every level, its console and its standard error', () => {
    const mark = `a mark ${randomUUID()}`;
    createLogger('silent').debug(mark);
    console.log(mark);
    process.stderr.write(`${mark}\n`);

    const here = processesIn(process.env['TEST_LOG_FOLDER'] ?? '').flatMap(({ records }) => records);
    const kinds = here.filter(({ text }) => text.includes(mark)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['log', 'console', 'stderr']));
  });
});
