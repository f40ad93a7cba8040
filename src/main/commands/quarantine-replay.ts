import { countWaiting } from '../../db/quarantine-replay.ts';
import type { QuarantineFilter } from '../../db/quarantine-list.ts';
import { type ReplayDeps, replayQuarantine, type ReplayTally } from '../../ingest/quarantine/replay.ts';
import { EXIT } from '../exit-codes.ts';

export interface ReplayArguments extends QuarantineFilter {
  readonly dryRun?: boolean | undefined;
}

export interface ReplayCommandDeps extends ReplayDeps {
  readonly print: (line: string) => void;
  /** Told how many of how many messages are done, after each chunk. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * `stillwater quarantine replay`: takes what can be read by now, and says what became of it. Returns the exit code: 1
 * when some messages are still refused.
 */
export async function quarantineReplay(args: ReplayArguments, deps: ReplayCommandDeps): Promise<number> {
  const { dryRun = false, ...filter } = args;
  const { print, onProgress } = deps;
  const { whole, cut } = await countWaiting(deps.pool, filter);
  const tally = await replayQuarantine(deps, filter, {
    dryRun,
    onProgress: ({ messages }) => onProgress(messages, whole),
  });
  for (const line of describeTally(tally, dryRun)) print(line);
  if (cut > 0) print(`${cut} more were too large to be kept whole and cannot be replayed`);
  if (dryRun) print('this was a dry run: nothing was written');
  return tally.taken === tally.messages && cut === 0 ? EXIT.done : EXIT.failed;
}

function describeTally(
  { messages, taken, stored, repeats, conflicts, refused }: ReplayTally,
  dryRun: boolean,
): string[] {
  if (messages === 0) return ['no message like this waits in quarantine'];
  const readings = `${stored} new readings, ${repeats} that were there, ${conflicts} in conflict`;
  return [
    dryRun
      ? `${taken} of ${messages} messages would be taken`
      : `${taken} of ${messages} messages were taken: ${readings}`,
    ...Object.entries(refused).map(([reason, count]) => `${count} still refused: ${reason}`),
  ];
}
