import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { JudgedHome, PackedHome } from './home-worker.ts';
import type { PlanTerms } from './plan.ts';
import type { RecordedHome } from '../../src/detectors/backtest/read-homes.ts';

/**
 * Judges homes on as many threads as there are processors, and returns what came of each in the order of the homes.
 *
 * @throws what a thread dies of.
 */
export async function judgeHomes(
  homes: readonly RecordedHome[],
  terms: PlanTerms,
  onProgress: (done: number) => void,
): Promise<JudgedHome[]> {
  const judged: JudgedHome[] = homes.map(() => undefined);
  // The longest first, so that no thread is left with one at the end.
  const waiting = [...homes.keys()].sort((a, b) => lengthOf(homes[b]) - lengthOf(homes[a]));
  let done = 0;
  const work = async () => {
    const worker = new Worker(new URL('./home-worker.js', import.meta.url), { workerData: terms });
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const home = homes[next];
        if (!home) continue;
        worker.postMessage(packed(home));
        [judged[next]] = (await once(worker, 'message')) as [JudgedHome];
        onProgress((done += 1));
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), homes.length) }, work));
  return judged;
}

function lengthOf(home: RecordedHome | undefined): number {
  return home?.readings.length ?? 0;
}

function packed({ meter, readings }: RecordedHome): PackedHome {
  return {
    meter,
    readAtMs: Float64Array.from(readings, (reading) => reading.readAtMs),
    indexLitres: Float64Array.from(readings, (reading) => reading.indexLitres),
  };
}
