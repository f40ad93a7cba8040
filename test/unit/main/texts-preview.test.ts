import { describe, expect, it } from 'vitest';
import { INTENTS } from '../../../src/db/outbox.ts';
import { LANGUAGES } from '../../../src/domain/language.ts';
import { previewCalls, previewTexts } from '../../../src/main/commands/texts-preview.ts';

describe('stillwater texts preview', () => {
  it.each(['twilio', 'aliyun', 'code'] as const)('shows every text in every language, as %s takes it', (route) => {
    const lines = previewTexts({ route });
    for (const language of LANGUAGES) {
      for (const intent of INTENTS) {
        const form = new RegExp(`^${intent} (of several homes )?\\(${language}\\)`);
        expect(
          lines.some((line) => form.test(line)),
          `${intent} in ${language}`,
        ).toBe(true);
      }
    }
  });

  it('tells the length on air: one part of 70 units for each Chinese text that is not about several homes', () => {
    const lines = previewTexts({ language: 'zh-CN' }).filter((line) => !line.includes('of several homes'));
    for (const line of lines) expect(line).toMatch(/, ([1-6]?\d|70) ucs2, 1 part\(s\): 【静水】/);
  });

  it.each(LANGUAGES)('shows what calls say, in %s: all that asks somebody, and nothing else', (language) => {
    const lines = previewCalls({ language });
    const intents = new Set(lines.map((line) => line.split(' by call')[0]));
    expect(intents).toEqual(new Set(['check_request', 'check_again', 'emergency']));
    for (const line of lines) {
      expect(line).toMatch(language === 'en' ? /Press 1 if you are on your way\.$/ : /如果您正在前往，请按1。$/);
    }
  });

  it('invents its homes and people: no phone, no full name, and nothing of who is at home', () => {
    expect([...previewTexts({}), ...previewCalls({})].join('\n')).not.toMatch(
      /\d{11}|张伟|王芳|Rosa|Lena|外出|不在家|无人|离家|nobody|empty|not at home/,
    );
  });
});
