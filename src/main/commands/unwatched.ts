import { AppError } from '../../core/errors.ts';
import { recordAuditEntry } from '../../db/audit-entries.ts';
import { findHouseholdId } from '../../db/meter-bindings.ts';
import { inTransaction } from '../../db/sql.ts';
import { endLookInsOf, unwatchedHomes, type WatchedHours, watchedHours } from '../../db/unwatched.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { columns } from './columns.ts';
import type { CommandDeps } from './command-deps.ts';

/** `stillwater unwatched`: the homes of which nobody can tell whether water is used, and when somebody was asked to look. */
export async function unwatchedList(
  { pool, clock, print }: CommandDeps,
  { limit, json = false }: { readonly limit: number; readonly json?: boolean },
): Promise<void> {
  const at = clock.now();
  const homes = await unwatchedHomes(pool, at, limit);
  if (json) print(JSON.stringify({ homes }));
  else if (homes.length === 0) print('every home is watched');
  else {
    const rows = homes.map(({ code, tier, unwatchedSince, lastReadAt, askedAt }) => [
      code,
      String(tier),
      `${Math.floor((at.getTime() - unwatchedSince.getTime()) / HOUR_MS)} h`,
      lastReadAt?.toISOString() ?? 'never',
      askedAt?.toISOString() ?? '',
    ]);
    for (const line of columns([['home', 'tier', 'unwatched', 'last reading', 'asked to look'], ...rows])) print(line);
  }
}

/** `stillwater unwatched seen`: somebody has looked at a home that nobody can watch. */
export async function unwatchedSeen(deps: CommandDeps, household: string): Promise<void> {
  const { pool, clock, actor, print } = deps;
  await inTransaction(pool, async (tx) => {
    const id = await findHouseholdId(tx, household);
    if (id === undefined) throw new AppError('input_invalid', `there is no household ${household}`);
    const at = clock.now();
    if ((await endLookInsOf(tx, id, at)) === 0) {
      throw new AppError('input_invalid', `nobody was asked to look at ${household}`);
    }
    await recordAuditEntry(tx, { at, actor, action: 'unwatched.seen', subject: household, detail: {} });
  });
  print(`${household}: somebody has looked; its meter still needs mending`);
}

/** `stillwater coverage`: how many hours of a month homes were watched, away and unwatched. They add up exactly. */
export async function coverage(
  { pool, clock, print }: CommandDeps,
  { month, json = false }: { readonly month: string; readonly json?: boolean },
): Promise<void> {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) {
    throw new AppError('input_invalid', `"${month}" is no month, such as 2026-03`);
  }
  const homes = await watchedHours(pool, month, clock.now());
  if (json) {
    print(JSON.stringify({ month, homes }));
    return;
  }
  const rows = [...homes, totalOf(homes)].map(({ code, monthS, watchedS, awayS, unwatchedS }) => [
    code,
    ...[monthS, watchedS, awayS, unwatchedS].map((seconds) => (seconds / 3_600).toFixed(1)),
  ]);
  for (const line of columns([['home', 'hours', 'watched', 'away', 'unwatched'], ...rows])) print(line);
}

function totalOf(homes: readonly WatchedHours[]): WatchedHours {
  const sum = (pick: (home: WatchedHours) => number) => homes.reduce((total, home) => total + pick(home), 0);
  return {
    code: 'all',
    monthS: sum(({ monthS }) => monthS),
    watchedS: sum(({ watchedS }) => watchedS),
    awayS: sum(({ awayS }) => awayS),
    unwatchedS: sum(({ unwatchedS }) => unwatchedS),
  };
}
