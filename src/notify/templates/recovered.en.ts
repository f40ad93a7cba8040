import type { Recovery } from './recovered.ts';

export function recoveredEn(recovery: Recovery): string {
  const { water, time, ask } = waterBackEn(recovery);
  return `Stillwater: ${recovery.home}: ${water}${time && ` (${time})`}. ${ask}.`;
}

export function waterBackEn({ detector, time = '', mustConfirm }: Recovery): {
  water: string;
  time: string;
  ask: string;
} {
  return {
    water: detector === 'running-water' ? 'the water has stopped running' : 'water is used again',
    time,
    ask: mustConfirm ? 'Please still check and answer' : 'If it stays so, this ends by itself',
  };
}
