import type { UpkeepRun } from '../../../db/upkeep-runs.ts';
import { HOUR_MS } from '../../../domain/time.ts';
import { type Check, fine, warning } from './check.ts';

interface Task {
  readonly name: string;
  /** The role of the process that does it. */
  readonly role: 'detect' | 'ingest';
  readonly patienceMs: number;
}

const TASKS: Readonly<Record<UpkeepRun['task'], Task>> = {
  roll_up: { name: 'daily sums', role: 'detect', patienceMs: HOUR_MS },
  retention: { name: 'old readings', role: 'ingest', patienceMs: 6 * HOUR_MS },
  survey: { name: 'survey of meters', role: 'detect', patienceMs: 48 * HOUR_MS },
  drift: { name: 'weekly list of habits', role: 'detect', patienceMs: 9 * 24 * HOUR_MS },
};

/** Whether the jobs that nobody waits for still come round. One that never did belongs to a service not started yet. */
export function checkUpkeep(runs: readonly UpkeepRun[], at: Date): readonly Check[] {
  return runs.map(({ task, finishedAt }) => {
    const { name, role, patienceMs } = TASKS[task];
    const idleMs = at.getTime() - finishedAt.getTime();
    if (idleMs <= patienceMs) return fine(name, `last looked after at ${finishedAt.toISOString()}`);
    const found = `not looked after for ${Math.floor(idleMs / HOUR_MS)} h`;
    return warning(name, found, `is a process with the role ${role} running? see its log`);
  });
}
