import { bindingsOf } from '../db/meter-bindings.ts';
import { cutShort } from './bind-meter.ts';
import { changeMeters, checkTime, knownMeter, type MeterDeps, refuse } from './change-meters.ts';
import { describeBinding, isBoundAt } from './describe-binding.ts';

export interface MeterToUnbind {
  readonly serial: string;
  /** The first moment at which it is there no more. At the moment at which it came, it never was there. */
  readonly at: Date;
  /** What its dial shows when it goes, in litres. */
  readonly finalIndexL?: number | undefined;
}

/**
 * Takes a meter away from the home at which it is at a time. Returns the code of that home.
 *
 * @throws AppError `input_invalid` when the meter is unknown, or at no home at that time.
 */
export async function unbindMeter(deps: MeterDeps, { serial, at, finalIndexL }: MeterToUnbind): Promise<string> {
  checkTime(at, deps.clock.now());
  return changeMeters(deps, async (tx) => {
    const meter = await knownMeter(tx, serial);
    const bindings = await bindingsOf(tx, meter.id);
    const standing = bindings.find((binding) => isBoundAt(binding, at));
    if (!standing) {
      const history = bindings.map(describeBinding).join('; ') || 'at none ever';
      return refuse(`meter ${serial} is at no home at ${at.toISOString()}; it is ${history}`);
    }
    await cutShort(tx, standing, at, finalIndexL);
    const { household, householdId, boundFrom: from, boundUntil: until } = standing;
    const homes = [{ householdId, from: at }];
    const detail = { household, at, finalIndexL, was: { from, until } };
    return { action: 'meter.unbound', serial, detail, homes, outcome: household };
  });
}
