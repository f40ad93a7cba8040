import { parentPort, workerData } from 'node:worker_threads';
import { litres } from '../../src/domain/metering/units.ts';
import { type HomeScore, judgeRecordedHome } from './judge-recorded-home.ts';
import { planOf, type PlanTerms } from './plan.ts';

/** A home on its way to another thread. */
export interface PackedHome {
  readonly meter: string;
  readonly readAtMs: Float64Array;
  readonly indexLitres: Float64Array;
}

/** What comes back: undefined for a home too short to be judged. */
export type JudgedHome = readonly HomeScore[] | undefined;

const plan = planOf(workerData as PlanTerms);

parentPort?.on('message', ({ meter, readAtMs, indexLitres }: PackedHome) => {
  const readings = Array.from(readAtMs, (atMs, i) => ({ readAtMs: atMs, indexLitres: litres(indexLitres[i] ?? 0) }));
  const judged: JudgedHome = judgeRecordedHome({ meter, readings }, plan);
  parentPort?.postMessage(judged);
});
