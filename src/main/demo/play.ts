import { setTimeout as delay } from 'node:timers/promises';
import type { HeadEnd } from '../../../simulator/head-end/head-end.ts';
import type { Phones } from '../../../simulator/phones/phones.ts';
import type { Town } from '../../../simulator/town/town.ts';
import type { HandTurnedClock } from '../../core/clock.ts';
import { MINUTE_MS } from '../../domain/time.ts';

/** The moving parts of a played town. */
export interface Stage {
  readonly clock: HandTurnedClock;
  readonly town: Town;
  readonly headEnd: HeadEnd;
  readonly phones: Phones;
  /** Resolves when the service has stored all that the broker has taken. */
  readonly settled: () => Promise<void>;
}

export interface Pace {
  /** Simulated minutes that pass in each step. */
  readonly minutesAStep: number;
  /** Real time between two steps, in milliseconds, in which the service's own jobs do their work. */
  readonly pauseMs: number;
}

/**
 * Lets simulated time pass until `until`, or until `shouldStop`.
 *
 * In each step the clock moves, the meters send what they owe for it, the service stores it and people look at their
 * phones. The clock never runs ahead of the readings by more than a step, however slow the machine is.
 */
export async function play(
  stage: Stage,
  until: Date,
  pace: () => Pace,
  shouldStop: () => boolean = () => false,
): Promise<void> {
  const { clock, town, headEnd, phones } = stage;
  while (clock.now() < until && !shouldStop()) {
    const { minutesAStep, pauseMs } = pace();
    const from = clock.now();
    const to = new Date(Math.min(until.getTime(), from.getTime() + minutesAStep * MINUTE_MS));
    clock.advanceTo(to);
    await headEnd.publish(town.messagesBetween(from, to));
    await stage.settled();
    await phones.tick(to);
    await delay(pauseMs);
  }
}
