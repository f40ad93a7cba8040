import { median } from '../src/domain/median.ts';

/** One of our paths beside the least that must be done for it. Rates are medians of the rounds. */
export interface Comparison {
  readonly path: string;
  readonly unit: string;
  readonly ours: string;
  readonly baseline: string;
  readonly oursPerSecond: number;
  readonly baselinePerSecond: number;
}

const ROUNDS = 5;

/** Does both in turn, so that a slow moment of the machine meets both, and gives the median rates. */
export async function inTurns(
  count: number,
  ours: (round: number) => unknown,
  baseline: (round: number) => unknown,
): Promise<{ oursPerSecond: number; baselinePerSecond: number }> {
  const rates = { ours: [] as number[], baseline: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.ours.push(count / (await secondsOf(() => ours(round))));
    rates.baseline.push(count / (await secondsOf(() => baseline(round))));
  }
  return { oursPerSecond: median(rates.ours), baselinePerSecond: median(rates.baseline) };
}

async function secondsOf(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1_000;
}
