import type { Language } from '../../domain/language.ts';

/** Several homes in one text to one person: each as `homeLabel` names it, with the way to its page. */
export interface BundledHome {
  readonly home: string;
  readonly access: string;
}

/** One text that asks about several homes. */
export function checkRequests(language: Language, homes: readonly BundledHome[]): string {
  const list = homes.map(({ home, access }) => `${home} ${access}`);
  return language === 'zh-CN'
    ? `【静水】请核查${homes.length}户：\n${list.join('\n')}`
    : `Stillwater: please check ${homes.length} homes:\n${list.join('\n')}`;
}

/** One text that tells of several checks that they are over. */
export function standDowns(language: Language, homes: readonly string[]): string {
  return language === 'zh-CN'
    ? `【静水】${homes.length}户的核查已结束：${homes.join('、')}。谢谢！`
    : `Stillwater: the checks on ${homes.length} homes are closed: ${homes.join(', ')}. Thank you!`;
}
