import type { Telling } from './telling.ts';

const SHOWS = {
  dry: '户同时停水',
  silent: '户水表同时失联',
  works: '户在计划停水区内',
  feed: '户收不到水表数据',
} as const;

/** What is told of an area, or asked about a home of which the water tells nothing. Only the daily word carries a link: to stop it. */
export function noticeZh(telling: Telling): string {
  const { intent, home, area, cause, affected, homes, until, hours, used, stopUrl } = telling;
  switch (intent) {
    case 'area_outage':
      return `【静水】${area}：${homes}户中${affected}${SHOWS[cause]}。无用水预警暂缓至${until}，届时自动发出。`;
    case 'look_in':
      return `【静水】${home}：水表已${hours}小时看不出用水情况，不代表用水异常。请顺路看望一下。`;
    case 'absence_ended':
      return `【静水】${home}又有用水，登记的时段已自动结束，恢复照看。`;
    case 'daily_word':
      return stopUrl
        ? `【静水】${home}：${usedZh(used)}已用水，停发 ${stopUrl}`
        : `【静水】${home}：今天${usedZh(used)}已用水。停发请回复“停报”`;
    case 'roster_gap':
      return `【静水】未来七天缺联系人：${gapHomesZh(telling)}；值班空缺：${gapSlotsZh(telling)}。请尽快安排人员。`;
    case 'gateway_fault':
      return `【静水】短信通道${telling.gateway}拒绝发送：${refusalZh(telling)}。短信改走备用通道或暂缓，请尽快处理。`;
    case 'ticket_digest':
      return ticketsZh(telling.tickets);
  }
}

function ticketsZh({ open, fresh, tampered, drifts }: Telling['tickets']): string {
  return `【静水】水表和管道工单待办${open}张，新增${fresh}张，疑被动过${tampered}张；用水习惯有变${drifts}户。请安排查看。`;
}

/** Which homes will have nobody of their own to ask: `H0042等3户`. */
export function gapHomesZh({ homes, firstHome = '' }: Telling): string {
  return homes > 1 ? `${firstHome}等${homes}户` : firstHome || '无';
}

export function gapSlotsZh({ slots, slotFrom }: Telling): string {
  return slots === 0 ? '无' : `${slots}处，最早${slotFrom}`;
}

const REFUSALS = { account: '账号异常', balance: '余额不足', sender: '签名或号码无效', template: '模板无效' } as const;

export function refusalZh({ refusal }: Pick<Telling, 'refusal'>): string {
  return REFUSALS[refusal];
}

/** One part has no room for both ends beside a link, nor for the word today: the later end is certain. */
export function usedZh({ from, by }: Telling['used']): string {
  return from === undefined ? by : `${by}前`;
}
