import type { Figures, Subject } from '../figures.ts';
import { createStartedParts } from '../started-parts.ts';
import { runCopy } from './run-copy.ts';
import { runNoOp } from './run-no-op.ts';
import { runPublisherAlone } from './run-publisher-alone.ts';
import type { RunSetting } from './run-setting.ts';
import { runTaker } from './run-taker.ts';

/** Runs one subject once. What the run has started is stopped before this resolves, or fails. */
export async function runCase(subject: Subject, setting: RunSetting): Promise<Figures> {
  const started = createStartedParts();
  const stopRun = setting.started.keep(() => started.stopAll());
  try {
    return await run(subject, { ...setting, started });
  } finally {
    await stopRun();
  }
}

function run(subject: Subject, setting: RunSetting): Promise<Figures> {
  switch (subject) {
    case 'publisher-alone':
      return runPublisherAlone(setting);
    case 'broker-ceiling':
      return runNoOp(setting);
    case 'copy-ceiling':
      return runCopy(setting);
    case 'ours':
    case 'insert-per-message':
    case 'node-red':
    case 'node-red-batched':
      return runTaker(subject, setting);
  }
}
