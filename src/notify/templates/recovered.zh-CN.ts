import type { Recovery } from './recovered.ts';

export function recoveredZh({ home, detector, time = '', mustConfirm }: Recovery): string {
  const water = detector === 'running-water' ? '水已停流' : '又有用水';
  const ask = mustConfirm ? '仍请核实并反馈' : '若持续正常将自动结束';
  return `【静水】${home}：${time}${water}，${ask}。`;
}
