import { undoLesson } from '../../alerts/undo-lesson.ts';
import { AppError } from '../../core/errors.ts';
import { type ListedLesson, listLessons } from '../../db/lessons.ts';
import { findHouseholdId } from '../../db/meter-bindings.ts';
import { columns } from './columns.ts';
import type { CommandDeps } from './command-deps.ts';

interface ListOptions {
  readonly household: string | undefined;
  readonly limit: number;
  readonly json?: boolean;
}

/**
 * `stillwater sensitivity list`: what the answers at home checks have taught.
 *
 * @throws AppError `input_invalid` when there is no such home.
 */
export async function sensitivityList(
  { pool, print }: CommandDeps,
  { household: code, limit, json = false }: ListOptions,
): Promise<void> {
  if (code !== undefined && (await findHouseholdId(pool, code)) === undefined) {
    throw new AppError('input_invalid', `there is no household ${code}`);
  }
  const lessons = await listLessons(pool, { code, limit });
  if (json) print(JSON.stringify({ lessons }));
  else if (lessons.length === 0) print('nothing was learned yet');
  else for (const line of columns([HEADINGS, ...lessons.map(describe)])) print(line);
}

const HEADINGS = ['id', 'home', 'when', 'alert', 'from', 'to', 'its run', 'because of', 'undone'];

function describe(lesson: ListedLesson): string[] {
  const { id, code, learnedAt, alertId, fromStep, toStep, leavesRunOut, outcome, cause, undoes, undoneBy } = lesson;
  const answer = outcome === undefined ? 'by hand' : [outcome, cause].filter(Boolean).join(', ');
  const because = undoes === undefined ? answer : `undoes ${undoes}: ${answer}`;
  const run = leavesRunOut ? 'left out' : '';
  const undone = undoneBy === undefined ? '' : `by ${undoneBy}`;
  const steps = [signed(fromStep), signed(toStep)];
  return [String(id), code, learnedAt.toISOString(), String(alertId), ...steps, run, because, undone];
}

function signed(step: number): string {
  return step > 0 ? `+${step}` : String(step);
}

/** `stillwater sensitivity undo`: what an answer taught counts no longer. */
export async function sensitivityUndo(
  deps: CommandDeps,
  { id, by }: { readonly id: number; readonly by: string },
): Promise<void> {
  const actor = by.trim();
  if (actor === '') throw new AppError('input_invalid', 'say who takes it back: --by NAME');
  const { fromStep, toStep } = await undoLesson(deps, { id, by: actor });
  deps.print(`lesson ${id} is undone; the home's sensitivity was ${signed(fromStep)} and is ${signed(toStep)} now`);
}
