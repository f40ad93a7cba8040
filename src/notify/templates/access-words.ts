import type { Language } from '../../domain/language.ts';
import type { Access } from './access.ts';

/** The end of a text that asks for something. Nothing follows a link: phones would take it for a part of it. */
export function accessWords(language: Language, access: Access): string {
  if (access.kind === 'link') return access.url;
  return language === 'zh-CN' ? `${access.address} 码${access.code}` : `${access.address} code ${access.code}`;
}
