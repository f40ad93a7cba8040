import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { decodeCommand } from '../../../src/main/commands/decode.ts';
import { doctorCommand } from '../../../src/main/commands/doctor.ts';
import { loadDecoders } from '../../../src/main/decoders.ts';

const NOW = new Date('2026-11-23T12:00:05Z');
const TELEGRAM = { media: 'water', id: '40112233', total_m3: 1.5, status: 'LEAK', timestamp: '2026-11-23T12:00:00Z' };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stillwater-decode-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const decode = (topic: string, payload: string, options: { settings?: string; receivedAt?: Date } = {}) => {
  const lines: string[] = [];
  const settings = options.settings === undefined ? undefined : write('decoders.json', options.settings);
  const code = decodeCommand(
    { topic, file: write('payload', payload), receivedAt: options.receivedAt },
    { decoders: loadDecoders(settings), clock: handTurnedClock(NOW), print: (line) => lines.push(line) },
  );
  return { code, text: lines.join('\n') };
};

describe('stillwater decode', () => {
  it('says what would be stored', () => {
    expect(decode('wmbusmeters/40112233', JSON.stringify(TELEGRAM))).toEqual({
      code: 0,
      text: 'format   wmbusmeters\nmeter    40112233\nreading  2026-11-23T12:00:00.000Z  1500 L\nstatus   leak',
    });
  });

  it('says why nothing would, and fails', () => {
    expect(decode('wmbusmeters/40112234', JSON.stringify(TELEGRAM))).toEqual({
      code: 2,
      text: 'format   wmbusmeters\nrefused  identity_mismatch: says it is 40112233',
    });
    expect(decode('no/such/topic/at/all', '{}')).toMatchObject({
      code: 2,
      text: /^format {3}none\nrefused {2}unknown_topic/,
    });
  });

  it('says both where only a part was understood', () => {
    const { code, text } = decode('wmbusmeters/40112233', JSON.stringify({ ...TELEGRAM, status: 'HAUNTED' }));
    expect(code).toBe(2);
    expect(text).toContain('1500 L\nrefused  schema_mismatch: status: nobody knows "HAUNTED"');
  });

  it('reads a telegram of another day as if it had come then', () => {
    const late = { ...TELEGRAM, timestamp: '2026-11-24T12:00:00Z' };
    expect(decode('wmbusmeters/40112233', JSON.stringify(late)).text).toContain('from_the_future');
    const receivedAt = new Date('2026-11-24T12:00:01Z');
    expect(decode('wmbusmeters/40112233', JSON.stringify(late), { receivedAt }).code).toBe(0);
  });

  it('says what the documentation says, for every example in it', () => {
    const blocks = [...readFileSync('docs/decoders.md', 'utf8').matchAll(/^```(\w*)\n([^]*?)^```$/gm)];
    const texts = blocks.map(([, language, text = '']) => ({ language, text }));
    const settings = texts.filter(({ language, text }) => language === 'json' && !/"at"|"meterNo": \d/.test(text));
    expect(settings).toHaveLength(3);
    for (const { text } of settings) expect(() => loadDecoders(write('example.json', text))).not.toThrow();

    const payload = texts.find(({ text }) => text.includes('"meterNo": 600123'))?.text ?? '';
    const answer = texts.find(({ text }) => text.startsWith('format   '))?.text;
    expect(
      `${decode('plant/platform-1/water/600123', payload, { settings: settings.at(-1)?.text ?? '' }).text}\n`,
    ).toBe(answer);
  });

  it('says which file cannot be read', () => {
    const deps = { decoders: [], clock: handTurnedClock(NOW), print: () => undefined };
    expect(() => decodeCommand({ topic: 't', file: join(folder, 'none') }, deps)).toThrow(/none cannot be read/);
  });
});

describe('a decoder file', () => {
  it('that is missing or wrong is not overlooked', () => {
    expect(() => loadDecoders(join(folder, 'none.json'))).toThrow(
      /^STILLWATER_DECODER_FILE: .*none\.json cannot be read$/,
    );
    expect(() => loadDecoders(write('wrong.json', '{"mapings":[]}'))).toThrow(/wrong\.json:[^]*mapings/);
  });

  it('that is wrong is named by doctor, and one that is right is said to be in use', async () => {
    const consult = async (settings: string) => {
      const lines: string[] = [];
      await doctorCommand({
        env: { STILLWATER_DATA_DIR: join(folder, 'data'), STILLWATER_DECODER_FILE: write('doctor.json', settings) },
        clock: handTurnedClock(NOW),
        log: createLogger('silent'),
        plain: true,
        print: (line) => lines.push(line),
      });
      return lines.join('\n');
    };
    expect(await consult('{"formats":["nativ"]}')).toMatch(/PROBLEM decoder file .*doctor\.json:[^]*formats\[0\]/);
    expect(await consult('{"formats":["native"]}')).toMatch(/ok +decoder file +native JSON/);
  });

  it('that describes a topic of a built-in format asks the broker for that topic once', () => {
    const mapping = {
      name: 'own',
      topic: 'wmbusmeters/{serial}',
      time: { path: 't', form: 'iso' },
      register: { path: 'l', unit: 'l' },
    };
    const decoders = loadDecoders(write('own.json', JSON.stringify({ mappings: [mapping] })));
    const filters = decoders.flatMap(({ topicFilters }) => topicFilters);
    expect(filters).toContain('wmbusmeters/+');
    expect(new Set(filters).size).toBe(filters.length);
  });

  it('leaves all formats on that it does not speak of', () => {
    expect(loadDecoders(write('empty.json', '{}')).map(({ name }) => name)).toEqual(
      loadDecoders(undefined).map(({ name }) => name),
    );
    expect(loadDecoders(write('few.json', '{"formats":["native"]}')).map(({ name }) => name)).toEqual(['native JSON']);
  });
});
