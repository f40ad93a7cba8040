import type { Role } from '../../domain/alerting/escalation-policy.ts';
import type { Asking } from './asking.ts';

export const ASK_ZH: Readonly<Record<Role, string>> = {
  guardian: '请致电',
  contact: '请走访',
  supervisor: '请督办',
  desk: '请处置',
};

/** One part of 70 letters is all there is (budget.ts), and a link takes 45 of them. */
export function checkRequestZh({ role, home, figures, access }: Asking): string {
  return `【静水】${ASK_ZH[role]}${home}：${waterShowsZh(figures)} ${access}`;
}

export function waterShowsZh(figures: Asking['figures']): string {
  switch (figures?.detector) {
    case 'inactivity':
      return `${figures.dryHours}小时未用水`;
    case 'low-use':
      return figures.litres === 0
        ? `${figures.windowHours}小时未用水`
        : `${figures.windowHours}小时用水${figures.litres}升`;
    case 'running-water':
      return figures.leastLitresPerHour === 0
        ? `${figures.hours}小时用水${figures.litres}升`
        : `水流${figures.hours}小时未停`;
    case undefined:
      return '用水异常';
  }
}
