import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The documents that people read: those at the root and all of docs/. */
export function documents(): string[] {
  const atRoot = readdirSync('.').filter((name) => name.endsWith('.md'));
  const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path));
  return [...atRoot, ...inDocs.filter((path) => path.endsWith('.md'))];
}

/** The files of the project that a document points to, as paths from the root. */
export function linkedFiles(document: string, text: string = readFileSync(document, 'utf8')): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .map((target) => normalize(join(dirname(document), target.replace(/#.*$/, ''))));
}

/** The code in the first column of every table row: `DATABASE_URL`, `src/core`. */
export function namesInTables(text: string): string[] {
  const firstCells = [...text.matchAll(/^\| (.+?) \|/gm)].map(([, cell = '']) => cell);
  return firstCells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}
