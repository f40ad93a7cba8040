import { contentAt, readingsAMessage, rowsOf, serialOf, type Workload } from './workload.ts';

/** A message as a meter or a head-end sends it. All of its characters are ASCII. */
export interface MessageText {
  readonly topic: string;
  readonly payload: string;
}

/** Writes the message at this place as our native JSON: about 90 bytes for a single reading, 1.2 kB for a day of them. */
export function messageText(workload: Workload, place: number): MessageText {
  const content = contentAt(workload, place);
  const serial = serialOf(content.meter);
  const readings = rowsOf(workload, content).map(
    ({ readAtMs, indexLitres }) => `"at":"${utcSecond(readAtMs)}","index_l":${indexLitres}`,
  );
  const values =
    readingsAMessage(workload.load) === 1
      ? readings.join('')
      : `"readings":[${readings.map((each) => `{${each}}`).join(',')}]`;
  const sequence = workload.isSequenced ? `,"seq":${place}` : '';
  return {
    topic: `${workload.isSequenced ? 'head-ends/bench/' : ''}meters/${serial}/readings`,
    payload: `{"meter":"${serial}",${values}${sequence}}`,
  };
}

const written = new Map<number, string>();

/** `2026-03-01T23:00:00Z`. There are few hours and many messages, so each is written once. */
function utcSecond(atMs: number): string {
  const known = written.get(atMs);
  if (known !== undefined) return known;
  const text = new Date(atMs).toISOString().replace('.000', '');
  written.set(atMs, text);
  return text;
}
