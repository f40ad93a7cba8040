import { Presets, SingleBar } from 'cli-progress';
import type { Clock } from '../../core/clock.ts';
import type { LineTotals } from '../../ingest/files/line-totals.ts';
import type { ProgressOfFile } from './ingest.ts';

const LINE_EVERY_MS = 5_000;
const BAR = '{bar} {percentage}% | {readings} readings | {rate}/s | {rejected} rejected | {left} left';

/** A bar on a terminal, with the readings, how fast they go, the rejected lines and the time that is left. */
export function progressBar(clock: Clock, bytes: number | undefined): ProgressOfFile {
  const bar = new SingleBar({ format: BAR, hideCursor: true, stream: process.stderr }, Presets.shades_classic);
  const pace = startPace(clock);
  bar.start(bytes ?? 0, 0, { readings: 0, rate: 0, rejected: 0, left: '?' });
  return {
    show: (totals, bytesRead) => {
      const { rate, elapsedMs } = pace(totals);
      const isKnown = bytes !== undefined && bytesRead > 0;
      const left = isKnown ? `${Math.ceil((elapsedMs * (bytes - bytesRead)) / bytesRead / 1_000)} s` : '?';
      bar.update(bytesRead, { readings: totals.readings, rate, rejected: totals.rejectedLines, left });
    },
    end: () => {
      bar.stop();
    },
  };
}

/** A line every few seconds, where nobody looks at a bar. */
export function progressLines(clock: Clock, path: string, printError: (line: string) => void): ProgressOfFile {
  const pace = startPace(clock);
  let nextMs = LINE_EVERY_MS;
  return {
    show: (totals) => {
      const { rate, elapsedMs } = pace(totals);
      if (elapsedMs < nextMs) return;
      nextMs = elapsedMs + LINE_EVERY_MS;
      printError(`${path}: ${totals.readings} readings, ${rate}/s, ${totals.rejectedLines} lines rejected`);
    },
    end: () => undefined,
  };
}

/** How fast it goes since now: what an earlier run had taken is not counted. */
function startPace(clock: Clock) {
  const startMs = clock.now().getTime();
  let before: number | undefined;
  return ({ readings }: LineTotals) => {
    const elapsedMs = clock.now().getTime() - startMs;
    before ??= readings;
    return { elapsedMs, rate: elapsedMs > 0 ? Math.round(((readings - before) * 1_000) / elapsedMs) : 0 };
  };
}
