import type { Figures } from './figures.ts';
import { median } from '../../src/domain/median.ts';

/** The median of each figure over the runs of a case. Of what was lost, nothing is smoothed away: it is the sum. */
export function medianFigures(runs: readonly Figures[]): Figures {
  const of = (figure: keyof Figures) => median(runs.map((run) => run[figure]));
  return {
    messages: of('messages'),
    seconds: of('seconds'),
    messagesPerSecond: of('messagesPerSecond'),
    rowsPerSecond: of('rowsPerSecond'),
    lost: runs.reduce((sum, { lost }) => sum + lost, 0),
    cpuSecondsPerMillionRows: of('cpuSecondsPerMillionRows'),
    subscriberCpuSecondsPerMillionRows: of('subscriberCpuSecondsPerMillionRows'),
    postgresCpuSecondsPerMillionRows: of('postgresCpuSecondsPerMillionRows'),
    brokerCpuSecondsPerMillionRows: of('brokerCpuSecondsPerMillionRows'),
    peakRssMb: of('peakRssMb'),
  };
}
