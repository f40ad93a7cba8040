import { alertTraffic } from '../../db/alert-holds.ts';
import { candidatesFor } from '../../db/escalation-people.ts';
import { insertNotice, oweNotice } from '../../db/notices.ts';
import { inTransaction, type Tx } from '../../db/sql.ts';
import { endLookIns, homesToLookAt, type HomeToLookAt, lookInsSince, lookInsToPassOn } from '../../db/unwatched.ts';
import { mostAlertsAnHour } from '../../domain/area/area-policy.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { AreaDeps } from './area-deps.ts';

/** Who is asked to look first: the contact, or whoever there is. */
const FIRST = ['contact', 'guardian', 'supervisor', 'desk'] as const;

/**
 * Has people look at homes that nobody can watch: the contact once when the tier's time is up, the desk once when nothing
 * came of it. It claims nothing about the person: no reading is neither calm nor danger. A home that is heard of again
 * ends it.
 */
export async function askToLookIn(deps: AreaDeps): Promise<void> {
  const { pool, clock, areas } = deps;
  const at = clock.now();
  await endLookIns(pool, at);
  const { afterHours, deskAfterHours } = areas.lookIn;
  const { homes } = await alertTraffic(pool, at, at);
  const limit = mostAlertsAnHour(areas, homes) - (await lookInsSince(pool, new Date(at.getTime() - HOUR_MS)));
  if (limit > 0) {
    const hours = [afterHours[1], afterHours[2], afterHours[3]];
    for (const home of await homesToLookAt(pool, { at, afterHours: hours, limit })) {
      await inTransaction(pool, (tx) => askFirst(tx, home, at));
    }
  }
  for (const { noticeId, householdId } of await lookInsToPassOn(
    pool,
    new Date(at.getTime() - deskAfterHours * HOUR_MS),
  )) {
    await inTransaction(pool, (tx) => tell(tx, { noticeId, householdId, roles: ['desk'], step: 1 }, at));
  }
}

async function askFirst(tx: Tx, { householdId, unwatchedSince }: HomeToLookAt, at: Date): Promise<void> {
  const hours = Math.floor((at.getTime() - unwatchedSince.getTime()) / HOUR_MS);
  const noticeId = await insertNotice(tx, { kind: 'look_in', householdId, detail: { hours } }, at);
  if (noticeId !== undefined) await tell(tx, { noticeId, householdId, roles: FIRST, step: 0 }, at);
}

interface Asked {
  readonly noticeId: number;
  readonly householdId: number;
  readonly roles: readonly (typeof FIRST)[number][];
  readonly step: number;
}

/** The first person of the first of these roles that has any. */
async function tell(tx: Tx, { noticeId, householdId, roles, step }: Asked, at: Date): Promise<void> {
  const candidates = await candidatesFor(tx, householdId);
  const asked = roles.flatMap((role) => candidates.filter((candidate) => candidate.role === role)).at(0);
  if (asked) await oweNotice(tx, { noticeId, kind: 'look_in', step, personId: asked.personId, role: asked.role }, at);
}
