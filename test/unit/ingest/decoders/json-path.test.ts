import { describe, expect, it } from 'vitest';
import { parsePath, valueAt } from '../../../../src/ingest/decoders/json-path.ts';

const at = (json: unknown, path: string) => valueAt(json, parsePath(path));

describe('a path through JSON', () => {
  it.each([
    ['a', 1],
    ['b.c', 2],
    ['list[1].d', 4],
    ['list[0][2]', 3],
    ['读数.水 表', 5],
    ['0', 6],
  ])('%s leads to %d', (path, value) => {
    const json = { a: 1, b: { c: 2 }, list: [[1, 2, 3], { d: 4 }], 读数: { '水 表': 5 }, '0': 6 };
    expect(at(json, path)).toBe(value);
  });

  it('leads to the whole when it is empty', () => {
    expect(at([1], '')).toEqual([1]);
  });

  it.each(['a.b.c', 'b', 'list.length', 'list[9]', 'list.0', 'text[0]', 'text.length', 'none.at.all', 'a[0]'])(
    '%s leads nowhere',
    (path) => {
      expect(at({ a: { b: null }, list: [1], text: 'water' }, path)).toBeUndefined();
    },
  );

  it('never leads into what objects inherit', () => {
    for (const path of ['__proto__', 'constructor', 'toString', 'constructor.prototype', '__proto__.polluted']) {
      expect(at({ a: 1 }, path)).toBeUndefined();
    }
    expect(at(JSON.parse('{"__proto__":{"a":1}}'), '__proto__.a')).toBe(1);
  });
});
