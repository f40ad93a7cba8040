import { HOUR_MS } from '../../src/domain/time.ts';
import type { Draw } from './draw.ts';

/** More than this in one hour is a house busy with water... */
const BUSY_LITRES = 50;
/** ...which never lasts two hours on end. */
const AFTER_BUSY_LITRES = 45;
const MOST_LITRES_AN_HOUR = 130;
/** After so many hours with more than a trickle, a quiet hour follows. */
const LIVELY_HOURS = 4;
const LIVELY_LITRES = 25;
const QUIET_LITRES = 20;

/**
 * One bathroom, one sink: a draw that finds no turn waits for a later hour, and is left for another day at `untilMs`.
 *
 * This is what keeps ordinary life from looking like a tap left running. No two hours on end take 50 L or more, and of
 * five hours on end one takes 20 L at most; a leak of a few litres an hour on top changes neither picture.
 */
export function takeTurns(draws: readonly Draw[], untilMs: number): Draw[] {
  const waiting = draws.toSorted((a, b) => a.atMs - b.atMs);
  const taken: Draw[] = [];
  const volumes: number[] = [];
  for (let hourMs = hourOf(waiting[0]?.atMs ?? untilMs); hourMs < untilMs; hourMs += HOUR_MS) {
    let room = roomAfter(volumes);
    let used = 0;
    for (const draw of waiting.filter(({ atMs }) => atMs < hourMs + HOUR_MS)) {
      if (draw.litres > room) continue;
      room -= draw.litres;
      used += draw.litres;
      taken.push({ atMs: Math.max(draw.atMs, hourMs), litres: draw.litres });
      waiting.splice(waiting.indexOf(draw), 1);
    }
    volumes.push(used);
  }
  return taken;
}

/** What the next hour may take after the hours so far. */
function roomAfter(volumes: readonly number[]): number {
  const recent = volumes.slice(-LIVELY_HOURS);
  if (recent.length === LIVELY_HOURS && recent.every((litres) => litres >= LIVELY_LITRES)) return QUIET_LITRES;
  return (volumes.at(-1) ?? 0) >= BUSY_LITRES ? AFTER_BUSY_LITRES : MOST_LITRES_AN_HOUR;
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}
