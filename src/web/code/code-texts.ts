import type { Language } from '../../domain/language.ts';

/** Every word of the page that takes a code, in one language. */
export interface CodeTexts {
  readonly brand: string;
  readonly otherLanguage: string;
  readonly heading: string;
  readonly intro: string;
  readonly code: string;
  readonly codeHint: string;
  readonly phone: string;
  readonly phoneHint: string;
  readonly submit: string;
  readonly wrong: string;
  readonly wrongAdvice: string;
  readonly tooMany: string;
  readonly emergencyCall: string;
}

const ZH_CN: CodeTexts = {
  brand: '静水 · 居家核查',
  otherLanguage: 'English',
  heading: '请输入短信里的代码',
  intro: '输入后就能看到请您核查的住户，并填写结果。',
  code: '短信里的代码',
  codeHint: '不分大小写，横线可以不输。',
  phone: '您的手机号后四位',
  phoneHint: '收到短信的那个手机号。代码只有六位数字时，请输入完整的手机号。',
  submit: '打开',
  wrong: '代码或手机号不对',
  wrongAdvice: '请对照短信再输一次。连续输错，代码会失效；核查早已结束的代码也打不开。',
  tooMany: '输入次数太多。请过十分钟再试，或联系社区值班台。',
  emergencyCall: '情况紧急，请直接拨打：',
};

const EN: CodeTexts = {
  brand: 'Stillwater · home check',
  otherLanguage: '中文',
  heading: 'Enter the code from your text',
  intro: 'You then see which home you are asked to check, and can say what you found.',
  code: 'Code from the text',
  codeHint: 'Large or small letters; you can leave out the dash.',
  phone: 'Last four digits of your phone number',
  phoneHint: 'Of the phone that got the text. If the code is six digits, enter your whole phone number.',
  submit: 'Open',
  wrong: 'The code or the phone number is not right',
  wrongAdvice:
    'Please compare it with your text and try again. After several wrong tries a code stops working; so does one whose check was over long ago.',
  tooMany: 'There were too many tries. Please wait ten minutes, or ask the duty desk of your community.',
  emergencyCall: 'In an emergency, call directly:',
};

export function codeTextsFor(language: Language): CodeTexts {
  return language === 'zh-CN' ? ZH_CN : EN;
}
