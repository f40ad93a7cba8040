import type { Language } from '../../src/domain/language.ts';
import type { RandomStream } from '../random.ts';

/** The invented people of the town; any likeness is chance. */
const SURNAMES = Array.from('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹');
const ELDER_GIVEN_NAMES = [
  '桂英',
  '秀兰',
  '玉珍',
  '淑华',
  '凤英',
  '建国',
  '志强',
  '国富',
  '德才',
  '永福',
  '金生',
  '春梅',
];
const GIVEN_NAMES = [
  '敏',
  '伟',
  '静',
  '丽娜',
  '军',
  '晓燕',
  '磊',
  '婷婷',
  '志明',
  '海霞',
  '俊杰',
  '思远',
  '嘉怡',
  '文博',
];
const ENGLISH_FIRST_NAMES = ['Grace', 'Daniel', 'Helen', 'Peter', 'Alice', 'Martin', 'Ruth', 'Oliver'];
const ENGLISH_LAST_NAMES = ['Miller', 'Carter', 'Bennett', 'Walsh', 'Turner', 'Hughes', 'Foster', 'Reed'];

export function residentName(chance: RandomStream): string {
  return chance.pick(SURNAMES) + chance.pick(ELDER_GIVEN_NAMES);
}

/** The name of somebody who is texted, in the language they are texted in. */
export function personName(chance: RandomStream, language: Language): string {
  if (language === 'en') return `${chance.pick(ENGLISH_FIRST_NAMES)} ${chance.pick(ENGLISH_LAST_NAMES)}`;
  return chance.pick(SURNAMES) + chance.pick(GIVEN_NAMES);
}
