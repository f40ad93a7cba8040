import { describe, expect, it } from 'vitest';
import { readCsv } from '../../../src/roster/read-csv.ts';
import { describeMistake } from '../../../src/roster/roster-files.ts';

const read = (text: string) => {
  const columns = { known: ['code', 'name', 'tier'], required: ['code', 'name'] };
  const { rows, mistakes } = readCsv({ path: 'homes.csv', text }, columns);
  return { rows, mistakes: mistakes.map(describeMistake) };
};

describe('a sheet saved as CSV', () => {
  it('is read as a spreadsheet on Windows writes it', () => {
    expect(read('\uFEFFcode,name\r\n  A-1 , 张伟 \r\n"A-2","Li, ""Wei"""\r\n').rows).toEqual([
      { line: 2, cells: { code: 'A-1', name: '张伟' } },
      { line: 3, cells: { code: 'A-2', name: 'Li, "Wei"' } },
    ]);
  });

  it('may have its columns in any order, and cells left empty', () => {
    expect(read('tier,name,code\n,张伟,A-1\n').rows).toEqual([{ line: 2, cells: { code: 'A-1', name: '张伟' } }]);
  });

  it('counts lines as the editor does, over empty ones and cells of two lines', () => {
    const text = 'code,name\r\n\r\n,\r\nA-1,"two\r\nlines"\r\nA-2,张伟\r\n';

    expect(read(text).rows.map(({ line }) => line)).toEqual([4, 6]);
  });

  it('reports each line that has too many or too few cells', () => {
    const { rows, mistakes } = read('code,name\nA-1\nA-2,张伟,1\nA-3,孙丽\n');

    expect(rows).toEqual([{ line: 4, cells: { code: 'A-3', name: '孙丽' } }]);
    expect(mistakes).toEqual([
      'homes.csv:2: expected 2 cells as in the header, found 1',
      'homes.csv:3: expected 2 cells as in the header, found 3',
    ]);
  });

  it('needs a header in which every column is known and comes once', () => {
    expect(read('code,code,storey\nA-1,A-1,3\n')).toEqual({
      rows: [],
      mistakes: [
        'homes.csv:1: name: this column is missing from the header',
        'homes.csv:1: storey: unknown column; known are code, name, tier',
        'homes.csv:1: code: this column comes twice',
      ],
    });
  });

  it('needs a header even when it is empty', () => {
    expect(read('').mistakes).toEqual([
      'homes.csv:1: code: this column is missing from the header',
      'homes.csv:1: name: this column is missing from the header',
    ]);
  });

  it.each(['code,name\nA-1,"张伟\nA-2,孙丽\n', 'code,name\nA-1,张"伟\n'])(
    'points at a quotation mark that is out of place, and repeats nobody’s name: %j',
    (text) => {
      const { rows, mistakes } = read(text);

      expect(rows).toEqual([]);
      expect(mistakes).toEqual([expect.stringMatching(/^homes\.csv:\d: a quotation mark is out of place/)]);
    },
  );

  it('does not swallow a file of any length after an open quotation mark', () => {
    expect(read(`code,name\nA-1,"${'x'.repeat(20_000)}\n`).mistakes).toEqual([
      expect.stringMatching(/^homes\.csv:\d: the line is too long/),
    ]);
  });
});
