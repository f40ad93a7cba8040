import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROSTER_KINDS } from '../../../src/roster/roster-files.ts';
import { useDatabase } from '../../support/database.ts';
import { importTexts, mistakesIn } from '../../support/roster-town.ts';

const database = useDatabase();
const guide = readFileSync(new URL('../../../docs/roster-files.md', import.meta.url), 'utf8');

it('imports the examples of the guide for staff as they stand there', async () => {
  const examples = [...guide.matchAll(/```csv\n([^`]*)```/g)].map(([, text]) => text ?? '');
  const texts = Object.fromEntries(ROSTER_KINDS.map((kind, at) => [kind, examples[at] ?? '']));

  const report = await importTexts(database.pool, texts);

  expect(mistakesIn(report)).toEqual([]);
  expect(report).toMatchObject({ ok: true, counts: { households: { added: 2 }, people: { added: 4 } } });
});
