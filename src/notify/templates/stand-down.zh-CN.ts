import type { Closing } from './closing.ts';

export function standDownZh(closing: Closing): string {
  return `【静水】${closing.home}的核查已结束：${foundZh(closing)}。谢谢！`;
}

/** That somebody is away is not told: a text must not say that a home stands empty. */
export function foundZh({ checkedBy = '', outcome }: Closing): string {
  switch (outcome) {
    case 'safe':
      return `${checkedBy}已核实，人平安`;
    case 'false_alarm':
      return `${checkedBy}已核实，是误报`;
    case 'late_data':
      return '补到的读数表明用水正常';
    case 'water_returned':
      return '用水已恢复正常';
    case 'away':
    case 'needs_help':
    case 'could_not_reach':
    case undefined:
      return `${checkedBy}已核实，无需再处理`;
  }
}
