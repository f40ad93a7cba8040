import type { Recovery } from './recovered.ts';

export function recoveredZh(recovery: Recovery): string {
  const { water, time, ask } = waterBackZh(recovery);
  return `【静水】${recovery.home}：${time}${water}，${ask}。`;
}

export function waterBackZh({ detector, time = '', mustConfirm }: Recovery): {
  water: string;
  time: string;
  ask: string;
} {
  return {
    water: detector === 'running-water' ? '水已停流' : '又有用水',
    time,
    ask: mustConfirm ? '仍请核实并反馈' : '若持续正常将自动结束',
  };
}
