import { bindingsOf, endBinding, findMeter, insertBinding, type MeterBinding } from '../db/meter-bindings.ts';
import { newestReading, type StoredReading } from '../db/meter-overview.ts';
import { writeMeters } from '../db/roster-meters.ts';
import type { Tx } from '../db/sql.ts';
import { changeMeters, checkTime, knownMeter, type MeterDeps, refuse } from './change-meters.ts';
import { describeBinding, isBoundAt, overlaps } from './describe-binding.ts';

export interface MeterExchange {
  readonly oldSerial: string;
  readonly newSerial: string;
  /** The first moment at which the new meter is there and the old one is not. */
  readonly at: Date;
  /** What the old dial showed last and the new one first, in litres, where somebody read them. */
  readonly finalIndexL?: number | undefined;
  readonly firstIndexL?: number | undefined;
  /** What is known of the new meter. One that is new to us is taken to report as often as the old one did. */
  readonly nominalIntervalS?: number | undefined;
  readonly registerCapacityL?: number | undefined;
}

export interface ExchangedMeter {
  /** The home's code. */
  readonly household: string;
  /** What the old meter reported last, beside which its final index can be held. */
  readonly lastReported: StoredReading | undefined;
}

/**
 * Puts another meter in the place of one, at the same home and from the same moment on. A new meter that is not on the
 * books is registered.
 *
 * @throws AppError `input_invalid` when the old meter is not there before that time, or the new one is elsewhere.
 */
export async function exchangeMeter(deps: MeterDeps, exchange: MeterExchange): Promise<ExchangedMeter> {
  const { oldSerial, newSerial, at, finalIndexL, firstIndexL } = exchange;
  checkTime(at, deps.clock.now());
  if (oldSerial === newSerial) refuse('a meter cannot be exchanged for itself');
  return changeMeters(deps, async (tx) => {
    const old = await knownMeter(tx, oldSerial);
    const standing = bindingBefore(oldSerial, await bindingsOf(tx, old.id), at);
    const { household, householdId, boundUntil } = standing;
    const until = boundUntil ?? undefined;
    const newMeterId = await freeMeter(tx, exchange, until, old.nominalIntervalS);
    await endBinding(tx, standing.id, at, finalIndexL);
    await insertBinding(tx, { meterId: newMeterId, householdId, from: at, until, firstIndexL });
    const detail = { household, replacedBy: newSerial, at, finalIndexL, firstIndexL };
    const outcome = { household, lastReported: await newestReading(tx, old.id, at) };
    return { action: 'meter.exchanged', serial: oldSerial, detail, homes: [{ householdId, from: at }], outcome };
  });
}

function bindingBefore(serial: string, bindings: readonly MeterBinding[], at: Date): MeterBinding {
  const standing = bindings.find((binding) => isBoundAt(binding, at));
  if (!standing) return refuse(`meter ${serial} is at no home at ${at.toISOString()}`);
  if (standing.boundFrom.getTime() < at.getTime()) return standing;
  return refuse(`meter ${serial} is ${describeBinding(standing)}: it cannot go at the moment at which it comes`);
}

/** The new meter, on the books by now. It may be elsewhere before and after, but not meanwhile. */
async function freeMeter(
  tx: Tx,
  { newSerial, at, nominalIntervalS, registerCapacityL }: MeterExchange,
  until: Date | undefined,
  usualIntervalS: number,
): Promise<number> {
  const known = await findMeter(tx, newSerial);
  const intervalS = nominalIntervalS ?? known?.nominalIntervalS ?? usualIntervalS;
  await writeMeters(tx, [{ serial: newSerial, nominalIntervalS: intervalS, registerCapacityL }]);
  const { id } = await knownMeter(tx, newSerial);
  const inTheWay = (await bindingsOf(tx, id)).find((binding) => overlaps(binding, at, until));
  return inTheWay ? refuse(`meter ${newSerial} is ${describeBinding(inTheWay)}`) : id;
}
