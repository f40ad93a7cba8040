import { litres } from '../../../src/domain/metering/units.ts';
import type { InterpretedMessage } from '../../../src/ingest/message.ts';
import { storeBatch, type StoreDeps } from '../../../src/ingest/store-batch.ts';
import { contentAt, rowsOf, serialOf, type Workload } from '../workload.ts';

const NOTHING = new Uint8Array();

/** Our way to write messages that are decoded already: meters looked up, repeats and conflicts seen, changes noted. */
export function storeBatchOf(deps: StoreDeps, workload: Workload, from: number, until: number): Promise<unknown> {
  const receivedAt = deps.clock.now();
  const messages = Array.from({ length: until - from }, (_, i): InterpretedMessage => {
    const content = contentAt(workload, from + i);
    const serial = serialOf(content.meter);
    const readings = rowsOf(workload, content).map(({ readAtMs, indexLitres }) => ({
      readAtMs,
      indexLitres: litres(indexLitres),
    }));
    return {
      message: { source: 'mqtt', topic: `meters/${serial}/readings`, payload: NOTHING, payloadBytes: 0, receivedAt },
      content: { serial, readings, flags: [] },
      rejection: undefined,
    };
  });
  return storeBatch(deps, messages);
}
