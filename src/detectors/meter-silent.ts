import { HOUR_MS } from '../domain/time.ts';

export interface MeterSilentRule {
  /** Hours without a message after which a meter counts as silent. */
  readonly afterHours: number;
}

/** When a meter that was last heard at `lastHeardMs` counts as silent. It is a device's fault and no sign of danger. */
export function silentFromMs(lastHeardMs: number, { afterHours }: MeterSilentRule): number {
  return lastHeardMs + afterHours * HOUR_MS;
}
