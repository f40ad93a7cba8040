import type { Role } from '../../domain/alerting/escalation-policy.ts';
import type { Asking } from './asking.ts';

export const ASK_EN: Readonly<Record<Role, string>> = {
  guardian: 'please call',
  contact: 'please check at the door of',
  supervisor: 'please see to',
  desk: 'please act on',
};

export function checkRequestEn({ role, home, figures, access }: Asking): string {
  return `Stillwater: ${ASK_EN[role]} ${home}: ${waterShowsEn(figures)}. ${access}`;
}

export function waterShowsEn(figures: Asking['figures']): string {
  switch (figures?.detector) {
    case 'inactivity':
      return `no water used for ${figures.dryHours} h`;
    case 'low-use':
      return `${figures.litres} L of water used in ${figures.windowHours} h`;
    case 'running-water':
      return figures.leastLitresPerHour === 0
        ? `${figures.litres} L of water used in ${figures.hours} h`
        : `water has run for ${figures.hours} h on end`;
    case undefined:
      return 'the water use is unusual';
  }
}
