import { countQuarantinedSince } from '../db/quarantine-bounds.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { BUILT_IN_DECODERS } from '../ingest/decoders/decoders.ts';
import type { Decoder } from '../ingest/decoders/decoder.ts';
import { adoptMessages } from '../ingest/quarantine/adopt.ts';
import { housekeep, type HousekeepDeps } from './housekeep.ts';

/** So many messages in two minutes are a flood, which does not wait for the hour. */
const FLOOD_MESSAGES = 5_000;

/** Lets messages out of the quarantine whose meter is registered by now, and keeps a flood from filling the disk. */
export async function tendQuarantine(
  deps: HousekeepDeps & { readonly decoders?: readonly Decoder[] | undefined; readonly keptDays?: number },
): Promise<void> {
  const { pool, clock, decoders = BUILT_IN_DECODERS } = deps;
  await adoptMessages({ ...deps, decoders });
  const lately = new Date(clock.now().getTime() - 2 * MINUTE_MS);
  if ((await countQuarantinedSince(pool, lately)) >= FLOOD_MESSAGES) await housekeep(deps);
}
