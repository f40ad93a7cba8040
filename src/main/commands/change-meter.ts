import { bindMeter, type MeterToBind } from '../../roster/bind-meter.ts';
import { exchangeMeter, type MeterExchange } from '../../roster/exchange-meter.ts';
import { registerMeter } from '../../roster/register-meter.ts';
import { type MeterToUnbind, unbindMeter } from '../../roster/unbind-meter.ts';
import type { MeterToWrite } from '../../db/roster-meters.ts';
import type { CommandDeps } from './command-deps.ts';

/** `stillwater meter register`: puts a meter on the books, or corrects what is known of it. */
export async function meterRegister(deps: CommandDeps, meter: MeterToWrite): Promise<void> {
  const outcome = await registerMeter(deps, meter);
  deps.print(
    `meter ${meter.serial} ${outcome === 'unchanged' ? 'is on the books like this already' : `was ${outcome}`}`,
  );
}

/** `stillwater meter bind`: puts a meter at a home from a time on. */
export async function meterBind(deps: CommandDeps, meter: MeterToBind): Promise<void> {
  await bindMeter(deps, meter);
  deps.print(`meter ${meter.serial} is at ${meter.household} from ${meter.from.toISOString()} on`);
}

/** `stillwater meter unbind`: takes a meter away from its home. */
export async function meterUnbind(deps: CommandDeps, meter: MeterToUnbind): Promise<void> {
  const household = await unbindMeter(deps, meter);
  deps.print(`meter ${meter.serial} is no more at ${household} from ${meter.at.toISOString()} on`);
}

/** `stillwater meter exchange`: puts a meter in the place of another, and says where the figures do not go together. */
export async function meterExchange(deps: CommandDeps, exchange: MeterExchange): Promise<void> {
  const { newSerial, oldSerial, at, finalIndexL } = exchange;
  const { household, lastReported } = await exchangeMeter(deps, exchange);
  deps.print(`meter ${newSerial} is in the place of ${oldSerial} at ${household} from ${at.toISOString()} on`);
  if (lastReported === undefined || finalIndexL === undefined || finalIndexL >= lastReported.indexL) return;
  const reported = `${lastReported.indexL} L at ${lastReported.readAt.toISOString()}`;
  deps.print(`warning: ${oldSerial} had reported ${reported}, more than its final index of ${finalIndexL} L`);
}
