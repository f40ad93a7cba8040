import type { Logger } from '../../core/logger.ts';
import { LOCKS, withLock } from '../../db/locks.ts';
import { messagesToAdopt } from '../../db/quarantine-replay.ts';
import { type ReplayDeps, replayPages, type ReplayTally } from './replay.ts';

export type AdoptDeps = Omit<ReplayDeps, 'actor'> & { readonly log: Logger };

/**
 * Takes the messages of meters that nobody knew when they came and that have been registered since. Whoever registers a
 * meter, and however, need not think of them.
 *
 * One process of an installation does it at a time; undefined when another is at it.
 */
export function adoptMessages({ log, ...deps }: AdoptDeps): Promise<ReplayTally | undefined> {
  return withLock(deps.pool, LOCKS.adoption, async () => {
    const replaying = { ...deps, actor: 'adoption' };
    const tally = await replayPages(replaying, (page) => messagesToAdopt(deps.pool, page), {});
    if (tally.messages > 0) log.info(tally, 'messages of meters that are registered by now were taken');
    return tally;
  });
}
