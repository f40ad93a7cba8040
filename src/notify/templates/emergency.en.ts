import type { Role } from '../../domain/alerting/escalation-policy.ts';
import type { Asking } from './asking.ts';

const ASK: Readonly<Record<Role, string>> = {
  guardian: 'Please get in touch at once',
  contact: 'Please go there at once',
  supervisor: 'Please see to it at once',
  desk: 'Please act at once',
};

export function emergencyEn({ role, home, access }: Asking): string {
  return `Stillwater URGENT: ${home} needs help. ${ASK[role]}: ${access}`;
}
