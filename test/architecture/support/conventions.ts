/** A rule that a line of text can break, and which files it holds for. */
export interface Convention {
  readonly name: string;
  readonly holdsFor: (path: string) => boolean;
  /** The pieces of the file that break the rule. */
  readonly offences: (text: string) => readonly string[];
}

const isSource = (path: string) => /^(src|simulator)\/.*\.ts$/.test(path);
const isMain = (path: string) => path.startsWith('src/main/');
const isCode = (path: string) => /^(src|simulator|test|bench)\/.*\.ts$/.test(path);
/** The files that describe and plant what they look for. */
const isAboutRules = (path: string) => path.startsWith('test/architecture/');

const matches = (pattern: RegExp) => (text: string) => text.match(pattern) ?? [];
const inCode = (pattern: RegExp) => (text: string) => withoutComments(text).match(pattern) ?? [];

const DATABASE_CLOCK =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\)|\b(current_timestamp|current_date|current_time|localtimestamp)\b/gi;

export const CONVENTIONS: readonly Convention[] = [
  {
    name: 'time comes from the injected clock',
    holdsFor: (path) => isSource(path) && path !== 'src/core/clock.ts',
    offences: inCode(/new Date\(\s*\)|Date\.now|performance\.now|process\.hrtime/g),
  },
  {
    name: 'no statement reads the database clock',
    // The doctor asks the server for its clock, to compare it with ours.
    holdsFor: (path) => /^(src\/db|migrations)\//.test(path) && path !== 'src/db/installation.ts',
    offences: (text) => statementsOf(text).flatMap((statement) => statement.match(DATABASE_CLOCK) ?? []),
  },
  {
    name: 'chance comes from a seed',
    holdsFor: (path) =>
      path.startsWith('simulator/') || path.startsWith('src/domain/') || path.startsWith('src/detectors/'),
    offences: inCode(/Math\.random/g),
  },
  {
    name: 'only main reads the environment',
    holdsFor: (path) => isSource(path) && !isMain(path),
    offences: inCode(/process\.env|import\.meta\.env/g),
  },
  {
    name: 'only main writes to the console',
    holdsFor: (path) => isSource(path) && !isMain(path),
    offences: inCode(/\bconsole\.\w+|process\.std(?:out|err)/g),
  },
  {
    name: 'all SQL lives in src/db',
    holdsFor: (path) => isSource(path) && !path.startsWith('src/db/'),
    offences: inCode(/\bsql`|\.query\s*(?:<[^>]*>)?\(\s*['"`]/g),
  },
  {
    name: 'no test is left out, singled out or left to be written',
    holdsFor: (path) => path.startsWith('test/') && !isAboutRules(path),
    offences: inCode(
      /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:only|skip|todo|fails)\b|\bx(?:it|describe)\(|\.skip\(\)/g,
    ),
  },
  {
    name: 'nothing is left for later',
    holdsFor: (path) => (isCode(path) || path.startsWith('migrations/')) && !isAboutRules(path),
    offences: matches(/\b(?:TODO|FIXME|XXX|HACK)\b/g),
  },
  {
    name: 'the compiler and the linter are heard',
    holdsFor: (path) => isCode(path) && !isAboutRules(path),
    offences: matches(/@ts-(?:ignore|nocheck)|eslint-disable(?!-next-line [@\w/-]+ -- \S)/g),
  },
];

/** Names are lower case with hyphens; only a language is written as it is everywhere (`stand-down.zh-CN.ts`). */
export function isKebabCase(path: string): boolean {
  const plain = path.replace(/\.[a-z]{2}-[A-Z]{2}\.ts$/, '.ts');
  return plain.split('/').every((name) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(name));
}

/** SQL between the backticks of `sql`, or the whole of a migration. */
function statementsOf(text: string): string[] {
  if (!/\bsql`/.test(text)) return text.startsWith('import ') ? [] : [text.replaceAll(/--.*$/gm, '')];
  return [...text.matchAll(/\bsql`([^`]*)`/g)].map(([, statement = '']) => statement);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}
