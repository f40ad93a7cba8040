import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/domain/language.ts';
import { smsLength } from '../../../src/domain/notification/sms-length.ts';
import { PARTS_BUDGET } from '../../../src/notify/templates/budget.ts';
import { renderText, type TextSource } from '../../../src/notify/templates/render-text.ts';

describe('the daily word that water was used', () => {
  const STOP = 'https://sw.zs.gov.cn/d/AbCdEfGhIjKlMnOpQrStUv';
  const CODE = { kind: 'code', address: 'sw.zs.gov.cn/c', code: 'ABCD-2345' } as const;
  const shown = (text: TextSource) => renderText(text, { kind: 'link', url: STOP }).body;
  const byMs = Date.UTC(2026, 2, 1, 23, 12);
  const used = (minutes: number): TextSource => ({
    intent: 'daily_word',
    role: 'guardian',
    language: 'zh-CN',
    homeCode: 'H0042',
    residentName: '张伟',
    figures: undefined,
    timeZone: 'Asia/Shanghai',
    recoveredAt: null,
    mustConfirm: true,
    closeOutcome: null,
    closerName: null,
    notice: { usedFromMs: byMs - minutes * 60_000, usedByMs: byMs, timeZone: 'Asia/Shanghai' },
  });

  it('tells the time where readings are close together, and else no more than they prove', () => {
    const both = [used(12), used(60)];
    expect(both.map((each) => shown(each)).join('\n')).toMatchInlineSnapshot(`
      "【静水】张*H0042：07:12已用水，停发 https://sw.zs.gov.cn/d/AbCdEfGhIjKlMnOpQrStUv
      【静水】张*H0042：07:12前已用水，停发 https://sw.zs.gov.cn/d/AbCdEfGhIjKlMnOpQrStUv"
    `);
    expect(both.map((each) => shown({ ...each, language: 'en' })).join('\n')).toMatchInlineSnapshot(`
      "Stillwater: 张* (H0042): water used 07:12. To stop: https://sw.zs.gov.cn/d/AbCdEfGhIjKlMnOpQrStUv
      Stillwater: 张* (H0042): water used between 06:12 and 07:12. To stop: https://sw.zs.gov.cn/d/AbCdEfGhIjKlMnOpQrStUv"
    `);
  });

  it('says which word stops it where it can carry no link', () => {
    expect(LANGUAGES.map((language) => renderText({ ...used(12), language }, CODE).body).join('\n'))
      .toMatchInlineSnapshot(`
      "【静水】张*H0042：今天07:12已用水。停发请回复“停报”
      Stillwater: 张* (H0042): water used 07:12. To stop, reply NODAILY"
    `);
  });

  it('fits one part in Chinese, and its budget in English, with the longest code and time', () => {
    for (const language of LANGUAGES) {
      const { parts } = smsLength(shown({ ...used(60), language }));
      expect(parts).toBeLessThanOrEqual(PARTS_BUDGET.daily_word[language]);
    }
  });
});
