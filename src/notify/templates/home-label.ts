import type { Language } from '../../domain/language.ts';
import { maskName } from '../../domain/notification/mask-name.ts';

/** How a text names a home: the resident's masked name and the household code, and nothing else. */
export function homeLabel(language: Language, code: string, residentName: string | null): string {
  if (language === 'zh-CN') return `${residentName === null ? '住户' : maskName(residentName)}${code}`;
  return `${residentName === null ? 'the home' : maskName(residentName)} (${code})`;
}
