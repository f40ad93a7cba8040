import type { BenchDatabase } from './bench-database.ts';
import type { Subject } from './figures.ts';
import type { StartedParts, Stop } from './started-parts.ts';
import type { Load } from './workload.ts';

/** A process that takes messages from the broker and writes their readings into the table. */
export interface Taker {
  readonly pid: number;
  readonly stop: Stop;
}

export interface TakerSetting {
  readonly brokerUrl: string;
  readonly database: BenchDatabase;
  readonly load: Load;
  /** What the broker of the stack speaks. */
  readonly mqttVersion: 4 | 5;
  readonly started: StartedParts;
  /** Where Node-RED is installed; only its flows need it. */
  readonly nodeRedDir: string | undefined;
}

export type TakerName = Exclude<Subject, 'publisher-alone' | 'broker-ceiling' | 'copy-ceiling'>;
