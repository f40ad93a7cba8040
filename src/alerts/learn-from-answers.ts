import { recordAlertEvent } from '../db/alert-events.ts';
import { evidenceOf, type StoredAlert } from '../db/alerts.ts';
import { insertLesson, type Lesson, lockSensitivity, standingAnswers, standingLesson } from '../db/lessons.ts';
import type { Tx } from '../db/sql.ts';
import { alarmedRun, NOTHING_TAUGHT, relearn, taughtBy } from '../domain/alerting/lesson.ts';

/**
 * Brings what a home has learned from an alert in line with the answers that stand, in the caller's transaction, which
 * has the alert locked. What an answer taught that no longer stands is undone; each change is a line of the timeline.
 */
export async function learnFromAnswers(tx: Tx, alert: StoredAlert, verificationId: number, at: Date): Promise<void> {
  const { id: alertId, householdId } = alert;
  const evidence = await evidenceOf(tx, alertId);
  const run = evidence && alarmedRun(evidence);
  const taught = run ? taughtBy(await standingAnswers(tx, alertId)) : NOTHING_TAUGHT;
  const before = await standingLesson(tx, { alertId });
  if (!before && taught === NOTHING_TAUGHT) return;

  const home = await lockSensitivity(tx, householdId);
  const { undoneTo, keep } = relearn(home, before, taught, at);
  const common = { householdId, alertId, verificationId };
  if (before && undoneTo !== undefined) {
    await keepLesson(tx, { ...common, fromStep: home.step, toStep: undoneTo, undoes: before.id }, at);
  }
  if (keep) await keepLesson(tx, { ...common, ...keep, run: keep.leavesRunOut ? run : undefined }, at);
}

/** Keeps a lesson with its line on the timeline of the alert. */
export async function keepLesson(tx: Tx, lesson: Lesson, at: Date): Promise<void> {
  const { alertId, fromStep: from, toStep: to, run, undoes } = lesson;
  const lessonId = await insertLesson(tx, lesson, at);
  const detail = { lessonId, from, to, leavesRunOut: run !== undefined, undoes };
  await recordAlertEvent(tx, { alertId, at, type: 'sensitivity_changed', detail });
}
