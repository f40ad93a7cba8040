import type { Role } from '../../domain/alerting/escalation-policy.ts';
import { ASK_ZH, waterShowsZh } from './check-request.zh-CN.ts';
import type { Spoken } from './spoken.ts';

const ASK_AT_ONCE: Readonly<Record<Role, string>> = {
  guardian: '请立即联系',
  contact: '请立即前往',
  supervisor: '请立即督办',
  desk: '请立即处置',
};

const PRESS = '如果您正在前往，请按1。';

export function spokenZh(spoken: Spoken): string {
  const { role, isEmergency, figures } = spoken;
  const home = homeSpoken(spoken);
  return isEmergency
    ? `这里是静水，紧急情况。${home}，需要帮助，${ASK_AT_ONCE[role]}。${PRESS}`
    : `这里是静水。${ASK_ZH[role]}${home}，${waterShowsZh(figures)}。${PRESS}`;
}

export const THANKS_ZH = '谢谢您！请在我们短信中的页面上反馈核实结果。';

function homeSpoken({ initial, code }: Spoken): string {
  return `${initial === undefined ? '住户' : `姓${initial}的住户`}，编号${code}`;
}
