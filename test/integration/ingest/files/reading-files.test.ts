import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../support/database.ts';
import { asCsv, asNdjson, numberedRows, readingFiles, storedNumbers } from '../../../support/reading-files.ts';
import { aDay, registerMeter, storedReadings } from '../../../support/waterworks.ts';

const database = useDatabase();
const files = readingFiles(() => database.pool);
const DAY = aDay();

let serial = '';
beforeEach(async () => {
  await database.pool.query(
    'truncate register_reading, reading_conflict, meter_flag, ingest_batch, quarantined_message',
  );
  serial = await registerMeter(database.pool);
});

const dayOf = (meter: string) => DAY.map((reading) => ({ meter, ...reading }));
const stored = () => storedReadings(database.pool, serial);
const count = async (table: string) => {
  const { rows } = await database.pool.query<{ count: number }>(`select count(*) from ${table}`);
  return rows[0]?.count;
};

describe('a file of readings', () => {
  it.each([
    ['a sheet', 'day.csv', (day: typeof DAY) => asCsv(day.map((row) => ({ meter: serial, ...row })))],
    [
      'a sheet from Excel',
      'day.csv',
      (day: typeof DAY) =>
        '\uFEFF' +
        day.reduce((text, { at, index_l }) => `${text}"${serial}";"${at}";"${index_l}"\r\n`, 'meter;at;index_l\r\n'),
    ],
    [
      'a sheet in cubic metres',
      'day.txt',
      (day: typeof DAY) =>
        day.reduce(
          (text, { at, index_l }) => `${text}${serial},${at},${(index_l / 1_000).toFixed(3)}\n`,
          'meter,at,index_m3\n',
        ),
    ],
    ['lines of JSON', 'day.ndjson', (day: typeof DAY) => asNdjson(day.map((row) => ({ meter: serial, ...row })))],
    [
      'lines of JSON with a byte-order mark',
      'day.ndjson',
      (day: typeof DAY) => `\uFEFF${asNdjson(day.map((row) => ({ meter: serial, ...row })))}`,
    ],
    [
      'lines of JSON without a name that says so',
      'day',
      (day: typeof DAY) => asNdjson(day.map((row) => ({ meter: serial, ...row }))),
    ],
    ['a day in one line', 'day.jsonl', (day: typeof DAY) => JSON.stringify({ meter: serial, readings: day })],
  ])('is taken as %s, packed or not', async (_kind, name, write) => {
    const text = write(DAY);
    expect(await files.run({ files: [files.write(name, text)] })).toMatchObject({ code: 0, complained: '' });
    expect(await stored()).toEqual(DAY);

    const packed = await files.run({ files: [files.write(`${name}.gz`, gzipSync(text))] });
    expect(packed).toMatchObject({ code: 0 });
    expect(packed.printed).toContain('  0 stored\n  24 were there already');
  });

  it('is taken from standard input', async () => {
    const stdin = Readable.from([Buffer.from(asCsv(dayOf(serial)))]);
    expect(await files.run({ files: ['-'] }, { stdin })).toMatchObject({ code: 0 });
    expect(await stored()).toEqual(DAY);
  });

  it('changes nothing when it is taken again', async () => {
    const file = files.write('day.csv', asCsv(dayOf(serial)));
    await files.run({ files: [file] });
    const notes = await count('ingest_batch');
    await files.run({ files: [file] });

    expect(await stored()).toEqual(DAY);
    expect(await count('ingest_batch')).toBe(notes);
    expect(await count('reading_file')).toBe(0);
  });

  it('keeps a reading that contradicts a stored one, and says so', async () => {
    const [first] = dayOf(serial);
    await files.run({ files: [files.write('one.csv', asCsv([first!]))] });
    const other = await files.run({ files: [files.write('two.csv', asCsv([{ ...first!, index_l: 7 }]))] });

    expect(other.code).toBe(0);
    expect(other.printed).toContain('  1 contradict a stored one; both are kept');
    expect(await stored()).toEqual([DAY[0]]);
    expect(await count('reading_conflict')).toBe(1);
  });

  it('says of its meter what stands in the status', async () => {
    const [first] = DAY;
    await files.run({ files: [files.write('s.csv', `meter,at,index_l,status\n${serial},${first!.at},5,leak\n`)] });

    const { rows } = await database.pool.query('select flag, first_reported_at from meter_flag');
    expect(rows).toEqual([{ flag: 'leak', first_reported_at: new Date(first!.at) }]);
  });

  it('may name meters that nobody registered: they wait in quarantine as the meter would have sent them', async () => {
    const file = files.write('day.csv', asCsv([...dayOf('NEW-1'), ...dayOf(serial), ...dayOf('NEW-2')]));
    const { code, printed, complained } = await files.run({ files: [file] });

    expect([code, complained]).toEqual([0, '']);
    expect(printed).toContain('  48 of meters that nobody registered (NEW-1, NEW-2, ...); kept until they are');
    const { rows } = await database.pool.query(
      'select source, topic, reason, payload, payload_bytes from quarantined_message order by id',
    );
    expect(rows).toMatchObject([
      { source: 'file', topic: 'meters/NEW-1/readings', reason: 'unknown_meter' },
      { source: 'file', topic: 'meters/NEW-2/readings', reason: 'unknown_meter' },
    ]);
    const [kept] = rows as { payload: Buffer; payload_bytes: number }[];
    expect(JSON.parse(kept!.payload.toString())).toEqual({ meter: 'NEW-1', readings: DAY });
    expect(kept!.payload_bytes).toBe(kept!.payload.byteLength);
  });
});

describe('lines that cannot be taken', () => {
  it('are kept with their reason, named, and taken once they are mended', async () => {
    const [one, two, three, four] = DAY;
    const sheet = [
      'meter,at,index_l',
      `${serial},${one!.at},${one!.index_l}`,
      `${serial},${two!.at.replace('Z', '')},${two!.index_l}`,
      `${serial},${three!.at},${three!.index_l}.0`,
      `${serial},${four!.at},${four!.index_l}`,
      '',
    ].join('\r\n');
    const file = files.write('day.csv', sheet);

    const { code, complained } = await files.run({ files: [file] });
    expect(code).toBe(1);
    expect(complained.split('\n')).toEqual([
      '  2 lines rejected',
      '    2 schema_mismatch: line 3, 4',
      `  mend them in ${file}.rejected.csv and send that file again`,
    ]);
    expect(await stored()).toEqual([one, four]);

    const rejected = `${file}.rejected.csv`;
    const text = readFileSync(rejected, 'utf8');
    expect(text.split('\n')).toEqual([
      'reason,meter,at,index_l',
      `"line 3: at: expected a time with its zone, such as 2026-11-23T08:00:00+08:00 (schema_mismatch)",${serial},${two!.at.replace('Z', '')},${two!.index_l}\r`,
      `"line 4: index_l: expected whole litres, such as 123456 (schema_mismatch)",${serial},${three!.at},${three!.index_l}.0\r`,
      '',
    ]);

    writeFileSync(rejected, text.replace(/(\d\.000),/, '$1Z,').replace('.0\r', '\r'));
    expect(await files.run({ files: [rejected] })).toMatchObject({ code: 0, complained: '' });
    expect(await stored()).toEqual([one, two, three, four]);
  });

  it('of JSON are kept with the reason in them, and the good readings of a bad line are taken', async () => {
    const [one, two, three] = DAY;
    const lines = [
      JSON.stringify({ meter: serial, readings: [one, { ...two, index_l: -5 }] }),
      '{"meter": broken',
      JSON.stringify({ meter: serial, ...three }),
    ];
    const file = files.write('day.ndjson', `${lines.join('\n')}\n`);

    expect(await files.run({ files: [file] })).toMatchObject({ code: 1 });
    expect(await stored()).toEqual([one, three]);
    const kept = readFileSync(`${file}.rejected.ndjson`, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(kept[0]!)).toEqual({
      reason: expect.stringContaining('line 1: reading 2 of 2'),
      ...JSON.parse(lines[0]!),
    });
    expect(kept[1]).toMatch(/^\{"reason":"line 2: .*","meter": broken$/);

    writeFileSync(`${file}.rejected.ndjson`, kept[0]!.replace('-5', String(two!.index_l)));
    expect(await files.run({ files: [`${file}.rejected.ndjson`] })).toMatchObject({ code: 0 });
    expect(await stored()).toEqual([one, two, three]);
  });

  it('never write over what was kept before', async () => {
    const bad = `meter,at,index_l\n${serial},never,5\n`;
    const file = files.write('day.csv', bad);
    await files.run({ files: [file] });
    const first = readFileSync(`${file}.rejected.csv`, 'utf8');
    const { complained } = await files.run({ files: [file] });

    expect(complained).toContain(`${file}.rejected-2.csv`);
    expect(readFileSync(`${file}.rejected.csv`, 'utf8')).toBe(first);
    expect(readFileSync(`${file}.rejected-2.csv`, 'utf8')).toBe(first);
  });

  it('go where they are told to', async () => {
    const file = files.write('day.csv', `meter,at,index_l\n${serial},never,5\n`);
    await files.run({ files: [file], rejected: files.path('bad') });
    expect(existsSync(files.path('bad.csv'))).toBe(true);
    expect(existsSync(`${file}.rejected.csv`)).toBe(false);
  });

  it('are counted as JSON for programs', async () => {
    const file = files.write('day.csv', `meter,at,index_l\n${serial},never,5\n${serial},${DAY[0]!.at},5\n`);
    const { printed, complained } = await files.run({ files: [file], json: true });

    expect(complained).toBe('');
    expect(JSON.parse(printed)).toMatchObject({
      files: [
        {
          path: file,
          code: 1,
          report: {
            format: 'csv',
            isComplete: true,
            totals: {
              lines: 3,
              readings: 1,
              stored: 1,
              rejectedLines: 1,
              rejected: { schema_mismatch: { lines: 1, first: [2] } },
            },
            rejectedPath: `${file}.rejected.csv`,
          },
        },
      ],
    });
  });
});

describe('what is no file of readings', () => {
  it.each([
    ['empty.csv', '', 'there is nothing in it'],
    ['people.csv', 'phone,name\n1,x\n', 'line 1: the column meter is missing'],
    ['gbk.csv', Buffer.from([0xb1, 0xed, 0x2c, 0x0a]), 'line 1: not UTF-8 (perhaps GBK): save the sheet again'],
    ['utf16.csv', Buffer.from('\uFEFFmeter,at,index_l', 'utf16le'), 'it is UTF-16'],
    ['array.json', '[{"meter":"WM-1"}]', 'it is one JSON array: write each of its members on a line'],
    ['broken.csv.gz', Buffer.from([0x1f, 0x8b, 0x08, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9]), ''],
  ])('is refused, and the next file is taken: %s', async (name, content, fault) => {
    const good = files.write('good.csv', asCsv(dayOf(serial)));
    const { code, complained } = await files.run({ files: [files.write(name, content), good] });

    expect(code).toBe(2);
    expect(complained).toMatch(`${files.path(name)}: ${fault}`);
    expect(await stored()).toEqual(DAY);
  });

  it('is refused before anything is taken when it is not there', async () => {
    const good = files.write('good.csv', asCsv(dayOf(serial)));
    await expect(files.run({ files: [good, files.path('missing.csv')] })).rejects.toMatchObject({
      code: 'input_invalid',
    });
    expect(await stored()).toEqual([]);
  });

  it('ends with what came before, where a packed file ends early', async () => {
    const whole = gzipSync(asCsv(numberedRows([serial], 30_000)));
    const file = files.write('cut.csv.gz', whole.subarray(0, whole.length - 20_000));

    const { code, complained } = await files.run({ files: [file] });
    expect(code).toBe(2);
    expect(complained).toContain('unexpected end of file');
    expect((await storedNumbers(database.pool)).length).toBeGreaterThan(5_000);
  });
});
