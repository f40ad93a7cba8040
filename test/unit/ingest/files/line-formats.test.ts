import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFormat } from '../../../../src/ingest/files/csv-format.ts';
import type { LineFormat } from '../../../../src/ingest/files/line-format.ts';
import { ndjsonFormat } from '../../../../src/ingest/files/ndjson-format.ts';
import { splitCells } from '../../../../src/ingest/files/split-cells.ts';

const RECEIVED_AT = new Date('2026-11-23T12:00:00Z');
const AT = '2026-11-23T11:00:00Z';

const csv = (header: string) => csvFormat(Buffer.from(header));
const read = (format: LineFormat, line: string | Buffer) => format.read(Buffer.from(line), RECEIVED_AT);
const faultIn = (format: LineFormat, line: string | Buffer) => {
  const said = read(format, line);
  const wrong = said?.ok ? said.value.rejection : said?.error;
  return wrong && `${wrong.reason}: ${wrong.detail}`;
};
const litresIn = (format: LineFormat, line: string) => {
  const said = read(format, line);
  return said?.ok ? said.value.readings.map(({ indexLitres }) => indexLitres) : undefined;
};

describe('a line of CSV', () => {
  it.each([
    ['meter,at,index_l', `WM-1,${AT},123456`],
    ['index_l,meter,at', `123456,WM-1,${AT}`],
    ['Meter; At ;INDEX_L', ` WM-1 ; ${AT} ; 123456 `],
    ['meter\tat\tindex_l', `WM-1\t${AT}\t123456`],
    ['"meter","at","index_l"\r', `"WM-1","${AT}","123456"\r`],
    ['meter,at,index_m3', `WM-1,${AT},123.456`],
    ['reason,meter,at,index_l', `"said ""no"", twice",WM-1,${AT},000123456`],
    ['meter,at,index_l,status', `WM-1,${AT},123456,`],
  ])('below "%s" is a reading: %s', (header, line) => {
    expect(read(csv(header), line)).toEqual({
      ok: true,
      value: { serial: 'WM-1', readings: [{ readAtMs: Date.parse(AT), indexLitres: 123_456 }], flags: [] },
    });
  });

  it('takes cubic metres exactly, and never rounds a litre up', () => {
    const cubic = csv('meter,at,index_m3');
    const litresOf = (text: string) => litresIn(cubic, `WM-1,${AT},${text}`)?.[0];

    expect(['1', '0.001', '1.1', '1.001', '999999999.999', '0.0019', '4.5609'].map(litresOf)).toEqual([
      1_000, 1, 1_100, 1_001, 999_999_999_999, 1, 4_560,
    ]);
    fc.assert(
      fc.property(fc.bigInt(0n, 99_999_999n), fc.constantFrom(0, 1, 999), (litres, rest) => {
        const digits = (litres * 1_000n + BigInt(rest)).toString().padStart(7, '0');
        expect(litresOf(`${digits.slice(0, -6)}.${digits.slice(-6)}`)).toBe(Number(litres));
      }),
    );
  });

  it('says of its meter what the status says', () => {
    const withStatus = csv('meter,at,index_l,status');

    expect(read(withStatus, `WM-1,${AT},5,leak battery`)).toMatchObject({ value: { flags: ['leak', 'battery'] } });
    expect(read(withStatus, `WM-1,${AT},5,leak|dry`)).toMatchObject({ value: { flags: ['leak', 'dry'] } });
    expect(faultIn(withStatus, `WM-1,${AT},5,smoke`)).toBe('schema_mismatch: status: an unknown flag');
    expect(litresIn(withStatus, `WM-1,${AT},5,smoke`)).toEqual([5]);
  });

  it.each([
    [`WM-1,${AT}`, 'schema_mismatch: expected 3 cells as in the header, found 2'],
    [`,${AT},5`, 'schema_mismatch: meter: is missing'],
    [`WM 1,${AT},5`, 'schema_mismatch: meter: expected up to 64 letters'],
    ['WM-1,2026-11-23 11:00,5', 'schema_mismatch: at: expected a time with its zone'],
    ['WM-1,2026-11-23T11:00:00,5', 'schema_mismatch: at: expected a time with its zone'],
    ['WM-1,2026-13-45T11:00:00Z,5', 'schema_mismatch: at: '],
    [`WM-1,${AT},5.5`, 'schema_mismatch: index_l: expected whole litres'],
    [`WM-1,${AT},1e3`, 'schema_mismatch: index_l: expected whole litres'],
    [`WM-1,${AT},-5`, 'schema_mismatch: index_l: expected whole litres'],
    [`WM-1,${AT},`, 'schema_mismatch: index_l: expected whole litres'],
    [`WM-1,${AT},999999999999999`, 'schema_mismatch: index_l: '],
    [`WM-1,"${AT},5`, 'schema_mismatch: a quotation mark is out of place'],
    ['WM-1,2026-11-23T13:00:00Z,5', 'from_the_future: '],
    ['WM-1,1970-01-01T00:00:00Z,5', 'too_old: '],
  ])('is refused with what is wrong: %s', (line, fault) => {
    expect(faultIn(csv('meter,at,index_l'), line)).toMatch(new RegExp(`^${fault.replaceAll('.', String.raw`\.`)}`));
  });

  it('is refused when it is not UTF-8, and so is a header', () => {
    const chinese = Buffer.from([0xd5, 0xc5]);
    const line = Buffer.concat([chinese, Buffer.from(`,${AT},5`)]);

    expect(faultIn(csv('meter,at,index_l'), line)).toMatch('schema_mismatch: not UTF-8 (perhaps GBK)');
    expect(() => csvFormat(Buffer.concat([Buffer.from('meter,at,index_l,'), chinese]))).toThrow('not UTF-8');
  });

  it('holds nothing when its cells are empty', () => {
    expect(['', ' ', ',,', '"","",""\r'].map((line) => read(csv('meter,at,index_l'), line))).toEqual(
      Array(4).fill(undefined),
    );
  });

  it.each([
    ['meter,at', 'there must be one column index_l or index_m3'],
    ['meter,at,index_l,index_m3', 'there must be one column index_l or index_m3'],
    ['at,index_l', 'the column meter is missing'],
    ['meter,at,index_l,at', 'the column at comes twice'],
    ['meter,at,index_l,statsu', 'unknown column "statsu"'],
    [`WM-1,${AT},5`, 'the column meter is missing'],
    ['<html>', 'the column meter is missing'],
  ])('is not looked at below the header "%s"', (header, fault) => {
    expect(() => csv(header)).toThrow(`line 1: ${fault}`);
  });
});

describe('a line of NDJSON', () => {
  const lone = { meter: 'WM-1', at: AT, index_l: 7 };

  it.each([
    JSON.stringify(lone),
    `  { "meter" : "WM-1" , "at":"${AT}","index_l":7}\r`,
    `{"at":"${AT}","index_l":7,"meter":"WM-1"}`,
    `{"meter":"WM-1","readings":[{"at":"${AT}","index_l":7}]}`,
    `{"reason":"line 3: \\"why\\" (too_old)","meter":"WM-1","at":"${AT}","index_l":7}`,
    `{"reason": "why", "meter": "WM-1", "at": "${AT}", "index_l": 7}`,
  ])('is a native message that names its meter: %s', (line) => {
    expect(read(ndjsonFormat, line)).toMatchObject({
      ok: true,
      value: { serial: 'WM-1', readings: [{ indexLitres: 7 }] },
    });
  });

  it.each([
    [`{"at":"${AT}","index_l":7}`, 'schema_mismatch: meter: is missing'],
    [`{"meter":5,"at":"${AT}","index_l":7}`, 'schema_mismatch: meter: is missing'],
    [`{"meter":"W/1","at":"${AT}","index_l":7}`, 'schema_mismatch: meter: expected'],
    [`{"meter":"WM-1","meter":"WM-2","at":"${AT}","index_l":7}`, 'identity_mismatch: '],
    [`{"meter":"WM-1","at":"${AT}","index_l":7.5}`, 'schema_mismatch: index_l'],
    [`{"meter":"WM-1","at":"${AT}","index_l":7`, 'not_json: '],
    ['[]', 'schema_mismatch: '],
    ['null', 'schema_mismatch: '],
    ['water', 'not_json: '],
  ])('is refused with what is wrong: %s', (line, fault) => {
    expect(faultIn(ndjsonFormat, line)).toMatch(new RegExp(`^${fault}`));
  });

  it('holds nothing when it is empty', () => {
    expect(['', '  ', '\r'].map((line) => read(ndjsonFormat, line))).toEqual([undefined, undefined, undefined]);
  });
});

describe('a rejected line', () => {
  const again = (format: LineFormat, line: string, reason: string) =>
    format.withReason(Buffer.from(line), reason).toString().trimEnd();

  it('stands behind its reason as it came', () => {
    const plain = csv('meter,at,index_l');

    expect(plain.rejectedHeader.toString()).toBe('reason,meter,at,index_l\n');
    expect(again(plain, 'WM-1, "x" ,5,,"', 'said "no"')).toBe('"said ""no""",WM-1, "x" ,5,,"');
    expect(again(ndjsonFormat, '{ "meter":"WM-1" }', 'no')).toBe('{"reason":"no", "meter":"WM-1" }');
    expect(again(ndjsonFormat, '{}', 'no')).toBe('{"reason":"no"}');
    expect(again(ndjsonFormat, 'water', 'no')).toBe('{"reason":"no","line":"water"}');
  });

  it('has one reason, however often it is rejected', () => {
    const mended = csv('reason,meter,at,index_l');

    expect(mended.rejectedHeader.toString()).toBe('reason,meter,at,index_l\n');
    expect(again(mended, '"old, ""and"" long",WM-1,x,5', 'new')).toBe('"new",WM-1,x,5');
    expect(again(mended, 'old,WM-1,x,5', 'new')).toBe('"new",WM-1,x,5');
    expect(again(ndjsonFormat, '{"reason":"o\\"ld","meter":"WM-1"}', 'new')).toBe('{"reason":"new","meter":"WM-1"}');
  });
});

describe('hostile lines', () => {
  it('end in readings or in a reason, and nothing else', () => {
    const formats = [csv('meter,at,index_l,status'), csv('reason;meter;at;index_m3'), ndjsonFormat];
    const piece = fc.constantFrom(
      'WM-1',
      AT,
      '"',
      '""',
      ',',
      ';',
      '{',
      '}',
      '"meter":',
      '__proto__',
      '\0',
      '5',
      '\\',
      '一',
    );
    const line = fc.oneof(
      fc.array(piece).map((pieces) => Buffer.from(pieces.join(''))),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(line, fc.constantFrom(...formats), (bytes, format) => {
        const said = read(format, bytes);
        if (said?.ok) for (const { indexLitres } of said.value.readings) expect(indexLitres).toBeGreaterThanOrEqual(0);
        expect(format.withReason(bytes, 'why').at(-1)).toBe(0x0a);
      }),
      { numRuns: 3_000 },
    );
  });

  it('split into cells as they were joined', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', ';') }).map((text) => text.trim());
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), fc.constantFrom(',', ';'), (cells, separator) => {
        const line = cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(separator);
        expect(splitCells(line, separator)).toEqual(cells);
      }),
    );
  });
});
