import { expect, it } from 'vitest';
import { decodeUtf8 } from '../../../src/roster/decode-utf8.ts';

/** 张 in GBK, as a Chinese spreadsheet saves it when it is not told otherwise. */
const ZHANG_IN_GBK = Buffer.from([0xd5, 0xc5]);

it('reads Chinese names in UTF-8', () => {
  expect(decodeUtf8('people.csv', Buffer.from('name\n张伟\n'))).toEqual({
    ok: true,
    value: 'name\n张伟\n',
  });
});

it('says in which line a GBK file stops being readable, and how to save it', () => {
  const bytes = Buffer.concat([Buffer.from('phone,name\n13800000001,'), ZHANG_IN_GBK, Buffer.from('\n')]);

  expect(decodeUtf8('people.csv', bytes)).toEqual({
    ok: false,
    error: {
      path: 'people.csv',
      line: 2,
      column: undefined,
      message: 'not UTF-8 (perhaps GBK): save the sheet again as "CSV UTF-8"',
    },
  });
});

it('finds a bad last line that nothing ends, below empty ones', () => {
  const decoded = decodeUtf8('people.csv', Buffer.concat([Buffer.from('name\n\n\n'), ZHANG_IN_GBK]));

  expect(decoded).toMatchObject({ ok: false, error: { line: 4 } });
});
