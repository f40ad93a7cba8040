import { AppError } from '../core/errors.ts';
import { recordAuditEntry } from '../db/audit-entries.ts';
import { holdDetectors, judgeAgain } from '../db/judge-again.ts';
import { lockSensitivity, standingLesson } from '../db/lessons.ts';
import { inTransaction } from '../db/sql.ts';
import { boundedStep } from '../domain/habit/sensitivity.ts';
import type { AlertDeps } from './alert-deps.ts';
import { keepLesson } from './learn-from-answers.ts';

/**
 * Somebody takes back what an answer taught, its step and its run, from now on. The home is judged again. Returns the
 * home's step before and after.
 *
 * @throws AppError `input_invalid` when there is no such lesson that stands.
 */
export function undoLesson(
  { pool, clock }: Pick<AlertDeps, 'pool' | 'clock'>,
  { id, by }: { readonly id: number; readonly by: string },
): Promise<{ fromStep: number; toStep: number }> {
  return inTransaction(pool, async (tx) => {
    const at = clock.now();
    await holdDetectors(tx);
    const found = await standingLesson(tx, { id });
    if (!found) throw notStanding(id);
    const { householdId, alertId } = found;
    const { tier, step: fromStep } = await lockSensitivity(tx, householdId);
    // Whoever had the home locked until now may have undone it.
    if (!(await standingLesson(tx, { id }))) throw notStanding(id);
    const toStep = boundedStep(fromStep - (found.toStep - found.fromStep), tier);
    await keepLesson(tx, { householdId, alertId, verificationId: undefined, fromStep, toStep, undoes: id }, at);
    await judgeAgain(tx, [{ householdId, from: at }], at);
    const detail = { householdId, alertId, from: fromStep, to: toStep };
    await recordAuditEntry(tx, { at, actor: by, action: 'lesson.undone', subject: `lesson ${id}`, detail });
    return { fromStep, toStep };
  });
}

function notStanding(id: number): AppError {
  return new AppError('input_invalid', `there is no lesson ${id} that stands: see \`stillwater sensitivity list\``);
}
