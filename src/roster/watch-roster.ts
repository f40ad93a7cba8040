import { noteRosterGaps, slotsEmptyNow } from '../db/roster-gaps.ts';
import { DAY_MS } from '../domain/time.ts';
import { auditCoverage, DAYS_AHEAD, describeGap } from './audit-coverage.ts';
import { auditRota, describeSlot, type EmptySlot } from './audit-rota.ts';
import type { RosterWatchDeps } from './roster-watch-deps.ts';
import { tellOfGaps } from './tell-of-gaps.ts';

/**
 * Looks a week ahead for homes that will have nobody of their own to ask and for slots of a rota that nobody fills, keeps
 * them on record until they are filled, says new ones in the log, and by day tells whoever can fill them.
 */
export async function watchRoster(deps: RosterWatchDeps): Promise<void> {
  const { pool, clock, log, timeZone } = deps;
  const at = clock.now();
  const slots = await auditRota(pool, at, timeZone);
  const until = new Date(at.getTime() + DAYS_AHEAD * DAY_MS);
  const opened = await noteRosterGaps(pool, { at, until, slots: await asOnRecord(deps, slots, at) });
  if (opened.length > 0) {
    for (const gap of await auditCoverage(pool, at)) log.warn({ gap: gap.gap, homes: gap.homes }, describeGap(gap));
    for (const slot of slots) log.warn({ community: slot.community, fromAt: slot.fromAt }, describeSlot(slot));
  }
  await tellOfGaps(deps, at);
}

/** A slot that is empty already is the one on record, though its beginning lies behind the week that is looked at. */
async function asOnRecord({ pool }: RosterWatchDeps, slots: readonly EmptySlot[], at: Date): Promise<EmptySlot[]> {
  const begun = new Map((await slotsEmptyNow(pool, at)).map(({ community, fromAt }) => [community, fromAt]));
  return slots.map((slot) => (slot.isEmptyNow ? { ...slot, fromAt: begun.get(slot.community) ?? slot.fromAt } : slot));
}
