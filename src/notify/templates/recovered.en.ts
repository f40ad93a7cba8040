import type { Recovery } from './recovered.ts';

export function recoveredEn({ home, detector, time, mustConfirm }: Recovery): string {
  const water = detector === 'running-water' ? 'the water has stopped running' : 'water is used again';
  const since = time === undefined ? '' : ` (${time})`;
  const ask = mustConfirm ? 'Please still check and answer.' : 'If it stays so, this ends by itself.';
  return `Stillwater: ${home}: ${water}${since}. ${ask}`;
}
