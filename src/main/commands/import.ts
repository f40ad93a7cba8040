import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { describeGap } from '../../roster/audit-coverage.ts';
import { type ImportDeps, type ImportReport, importRoster } from '../../roster/import-roster.ts';
import { describeMistake, ROSTER_KINDS, type RosterFiles, type RosterKind } from '../../roster/roster-files.ts';
import { EXIT } from '../exit-codes.ts';

export interface ImportArguments {
  /** A folder that holds any of communities.csv, households.csv, people.csv, pairings.csv and staff.csv. */
  readonly dir?: string | undefined;
  /** Paths of single files; each takes the place of the folder's file of its kind. */
  readonly files?: { readonly [Kind in RosterKind]?: string | undefined };
  readonly dryRun?: boolean | undefined;
}

export interface ImportCommandDeps extends ImportDeps {
  readonly config: Pick<Config, 'phoneCountries' | 'timeZone'>;
  /** Who imports, for the audit: the name they are logged in with. */
  readonly actor: string;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

/**
 * `stillwater import`: brings the roster in line with CSV files, and prints what that did or all that is wrong with
 * them. Returns the exit code: 2 when a file must be mended first.
 *
 * @throws AppError `input_invalid` when there is no file to import, or one cannot be opened.
 */
export async function importCommand(args: ImportArguments, deps: ImportCommandDeps): Promise<number> {
  const { config, actor, print, printError } = deps;
  const files = await readFiles(pathsOf(args));
  const dryRun = args.dryRun === true;
  const options = { phoneCountries: config.phoneCountries, defaultTimeZone: config.timeZone, actor, dryRun };
  const report = await importRoster(deps, files, options);

  if (report.ok) {
    for (const line of summaryOf(report, dryRun)) print(line);
    return EXIT.done;
  }
  for (const mistake of report.mistakes) printError(describeMistake(mistake));
  printError(`${report.mistakes.length} mistake(s); nothing was imported`);
  return EXIT.badInput;
}

function pathsOf({ dir, files = {} }: ImportArguments): (readonly [RosterKind, string])[] {
  const inDir = (kind: RosterKind) => {
    const path = dir === undefined ? undefined : join(dir, `${kind}.csv`);
    return path !== undefined && existsSync(path) ? path : undefined;
  };
  const paths = ROSTER_KINDS.flatMap((kind) => {
    const path = files[kind] ?? inDir(kind);
    return path === undefined ? [] : [[kind, path] as const];
  });
  if (paths.length > 0) return paths;
  const expected = ROSTER_KINDS.map((kind) => `${kind}.csv`).join(', ');
  throw new AppError('input_invalid', `nothing to import: ${dir ?? 'the arguments'} must hold any of ${expected}`);
}

async function readFiles(paths: readonly (readonly [RosterKind, string])[]): Promise<RosterFiles> {
  const files = paths.map(async ([kind, path]) => [kind, { path, text: await open(path) }] as const);
  return Object.fromEntries(await Promise.all(files));
}

async function open(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new AppError('input_invalid', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function summaryOf({ counts, gaps }: ImportReport & { ok: true }, dryRun: boolean): string[] {
  const perKind = ROSTER_KINDS.map((kind) => {
    const { added, changed, removed, unchanged } = counts[kind];
    return `${kind.padEnd(11)}  ${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged`;
  });
  const ending = dryRun ? ['this was a dry run: nothing was written'] : [];
  return [...perKind, ...gaps.map((gap) => `warning: ${describeGap(gap)}`), ...ending];
}
