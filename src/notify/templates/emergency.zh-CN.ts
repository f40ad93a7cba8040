import type { Role } from '../../domain/alerting/escalation-policy.ts';
import type { Asking } from './asking.ts';

const ASK: Readonly<Record<Role, string>> = {
  guardian: '请立即联系',
  contact: '请立即前往',
  supervisor: '请立即督办',
  desk: '请立即处置',
};

export function emergencyZh({ role, home, access }: Asking): string {
  return `【静水】急！${home}需要帮助，${ASK[role]} ${access}`;
}
