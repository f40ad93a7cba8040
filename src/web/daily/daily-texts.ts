import type { Language } from '../../domain/language.ts';

/** Every word of the page that stops the daily texts of a home, in one language. */
export interface DailyTexts {
  readonly brand: string;
  readonly otherLanguage: string;
  readonly noName: string;
  readonly home: (who: string, code: string) => string;
  readonly heading: string;
  readonly intro: string;
  readonly stop: string;
  readonly save: string;
  readonly missing: string;
  readonly stopped: string;
  readonly stoppedText: string;
  readonly tooMany: string;
}

const ZH_CN: DailyTexts = {
  brand: '静水 · 每日用水短信',
  otherLanguage: 'English',
  noName: '住户',
  home: (who, code) => `${who} · 住户编号 ${code}`,
  heading: '每日用水短信',
  intro: '这户用水后，每天发一条短信告诉您。没收到短信，不代表有事，也不代表没事。需要核查时，会另发短信给您。',
  stop: '不再接收这些短信',
  save: '保存',
  missing: '还没有保存：请先在方框里打勾',
  stopped: '已停发',
  stoppedText: '不再给您发这户的每日用水短信。需要核查时，仍会另发短信给您；要重新接收，请在那时的核查页面上勾选。',
  tooMany: '这个链接提交的次数太多，请十分钟后再试。',
};

const EN: DailyTexts = {
  brand: 'Stillwater · daily texts',
  otherLanguage: '中文',
  noName: 'the resident',
  home: (who, code) => `${who} · Home ${code}`,
  heading: 'Daily texts that water was used',
  intro:
    'Once a day you get a text that water was used at this home. No text says nothing, good or bad. When a check is needed, you are texted about that as well.',
  stop: 'Send me no more of these texts',
  save: 'Save',
  missing: 'Not saved yet: first tick the box',
  stopped: 'Stopped',
  stoppedText:
    'You get no more daily texts about this home. When a check is needed, you are still texted; on the page of that check you can ask for the daily texts again.',
  tooMany: 'So many forms came from this link that no more are taken for ten minutes.',
};

export function dailyTextsFor(language: Language): DailyTexts {
  return language === 'zh-CN' ? ZH_CN : EN;
}
