import type { Stack } from '../stacks/stack.ts';
import type { StartedParts } from '../started-parts.ts';
import type { Workload } from '../workload.ts';

/** What every run is given. */
export interface RunSetting {
  readonly stack: Stack;
  readonly workload: Workload;
  readonly started: StartedParts;
  /** Where Node-RED is installed; only its flows need it. */
  readonly nodeRedDir: string | undefined;
}
