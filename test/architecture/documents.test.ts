import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documents, linkedFiles, namesInTables } from './support/markdown.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const schemas = ['config.ts', 'sms-environment.ts'].map((name) => read(`src/config/${name}`)).join('\n');
const settings = [...schemas.matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name = '']) => name);
const documentedSettings = namesInTables(read('docs/operations.md')).filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name));

describe('the documents', () => {
  it('point only to files that are there', () => {
    const broken = documents().flatMap((document) =>
      linkedFiles(document)
        .filter((path) => !existsSync(path))
        .map((path) => `${document} → ${path}`),
    );
    expect(broken).toEqual([]);
  });

  it('explain every setting, and none that does not exist', () => {
    expect(settings.length).toBeGreaterThan(20);
    expect(documentedSettings.toSorted()).toEqual(settings.toSorted());
  });

  it('place every folder of the source', () => {
    const placed = namesInTables(read('docs/architecture.md'));
    const folders = readdirSync('src').map((folder) => `src/${folder}`);
    expect(folders.filter((folder) => !placed.includes(folder))).toEqual([]);
  });

  it('number each decision once and name each file by its number', () => {
    const decisions = readdirSync('docs/adr').toSorted();
    const numbers = decisions.map((name) => Number(name.slice(0, 4)));
    expect(new Set(numbers).size).toBe(decisions.length);
    for (const name of decisions)
      expect(read(`docs/adr/${name}`)).toMatch(new RegExp(`^# .*\\b0*${Number(name.slice(0, 4))}\\b`));
  });
});

describe('a document that is wrong', () => {
  it('is found by its broken link', () => {
    expect(linkedFiles('docs/a.md', '[x](../src/nowhere.ts#top) [y](https://example.org) [z](#here)')).toEqual([
      'src/nowhere.ts',
    ]);
  });

  it('is found by a setting that it lacks', () => {
    expect(namesInTables('| `A_URL`, `B_URL` | none | see `C_URL` |\n| plain | `D_URL` |')).toEqual(['A_URL', 'B_URL']);
  });
});
