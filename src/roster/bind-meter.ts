import type { HomeToJudgeAgain } from '../db/judge-again.ts';
import {
  bindingsOf,
  deleteBinding,
  endBinding,
  findHouseholdId,
  insertBinding,
  type MeterBinding,
} from '../db/meter-bindings.ts';
import type { Tx } from '../db/sql.ts';
import { changeMeters, checkTime, knownMeter, type MeterDeps, refuse } from './change-meters.ts';
import { describeBinding, isBoundAt, overlaps } from './describe-binding.ts';

export interface MeterToBind {
  readonly serial: string;
  /** The home's code. */
  readonly household: string;
  /** The first moment at which the meter is there; it may lie in the past or the future. */
  readonly from: Date;
  /** The first moment at which it is there no more; until further notice when left out. */
  readonly until?: Date | undefined;
  /** What its dial shows when it comes, in litres. */
  readonly firstIndexL?: number | undefined;
  /** Takes it away from the home at which it is at that time. Otherwise that is refused. */
  readonly moves?: boolean | undefined;
}

/**
 * Puts a meter at a home from a time on. Readings from before stay with the home of their time.
 *
 * @throws AppError `input_invalid` when the meter or the home is unknown, or the meter is elsewhere in that time.
 */
export async function bindMeter(deps: MeterDeps, given: MeterToBind): Promise<void> {
  const { serial, household, from, firstIndexL, moves = false } = given;
  checkTime(from, deps.clock.now());
  return changeMeters(deps, async (tx) => {
    const meter = await knownMeter(tx, serial);
    const householdId = (await findHouseholdId(tx, household)) ?? refuse(`there is no household ${household}`);
    const bindings = await bindingsOf(tx, meter.id);
    const left = moves ? bindings.find((binding) => isBoundAt(binding, from)) : undefined;
    const until = given.until ?? left?.boundUntil ?? undefined;
    if (until !== undefined && until <= from) refuse('a meter must leave later than it comes');
    const inTheWay = bindings.find((binding) => binding !== left && overlaps(binding, from, until));
    if (inTheWay) refuse(obstacle(serial, inTheWay, from));
    if (left) await cutShort(tx, left, from);
    await insertBinding(tx, { meterId: meter.id, householdId, from, until, firstIndexL });
    const homes: HomeToJudgeAgain[] = [householdId, ...(left ? [left.householdId] : [])].map((id) => ({
      householdId: id,
      from,
    }));
    const detail = { household, from, until, firstIndexL, leaves: left?.household };
    return { action: 'meter.bound', serial, detail, homes, outcome: undefined };
  });
}

/** Ends a binding at a time within it; one that only begins then never measured anything and is taken back. */
export async function cutShort(tx: Tx, binding: MeterBinding, at: Date, finalIndexL?: number): Promise<void> {
  if (binding.boundFrom.getTime() === at.getTime()) await deleteBinding(tx, binding.id);
  else await endBinding(tx, binding.id, at, finalIndexL);
}

function obstacle(serial: string, binding: MeterBinding, from: Date): string {
  const way = isBoundAt(binding, from) ? 'unbind it first, or move it' : 'say until when it is to be here';
  return `meter ${serial} is ${describeBinding(binding)}: ${way}`;
}
