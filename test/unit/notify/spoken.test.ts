import { describe, expect, it } from 'vitest';
import { callScriptIn } from '../../../simulator/phone-network/call-script.ts';
import { ROLES } from '../../../src/domain/alerting/escalation-policy.ts';
import { LANGUAGES } from '../../../src/domain/language.ts';
import { renderCall } from '../../../src/notify/channels/render-call.ts';
import { callTwiml, thanksTwiml } from '../../../src/notify/channels/twilio-twiml.ts';
import { renderSpoken } from '../../../src/notify/templates/render-spoken.ts';
import type { TextSource } from '../../../src/notify/templates/render-text.ts';

const still: TextSource = {
  intent: 'check_request',
  role: 'contact',
  language: 'zh-CN',
  homeCode: 'SW-0042',
  residentName: '张伟',
  figures: { detector: 'inactivity', dryHours: 26 },
  timeZone: 'Asia/Shanghai',
  recoveredAt: null,
  mustConfirm: true,
  closeOutcome: null,
  closerName: null,
};
const REASONS: TextSource['figures'][] = [
  still.figures,
  { detector: 'low-use', windowHours: 24, litres: 1 },
  { detector: 'running-water', hours: 12, leastLitresPerHour: 60, litres: 800 },
  { detector: 'running-water', hours: 6, leastLitresPerHour: 0, litres: 900 },
  undefined,
];
const EVERY: TextSource[] = LANGUAGES.flatMap((language) =>
  (['check_request', 'check_again', 'emergency'] as const).flatMap((intent) =>
    ROLES.flatMap((role) =>
      REASONS.flatMap((figures) =>
        ['张伟', 'Rosa Gruber', null].map((residentName) => ({
          ...still,
          language,
          intent,
          role,
          figures,
          residentName,
        })),
      ),
    ),
  ),
);

describe('what a call says', () => {
  it.each(LANGUAGES)('in %s', (language) => {
    const say = (source: Partial<TextSource>) => renderSpoken({ ...still, language, ...source }).body;
    expect(
      [
        ...ROLES.map((role) => `${role}: ${say({ role })}`),
        ...REASONS.map((figures) => say({ figures })),
        say({ residentName: 'Rosa Gruber' }),
        say({ residentName: null }),
        ...ROLES.map((role) => `${role}: ${say({ intent: 'emergency', role })}`),
      ].join('\n'),
    ).toMatchSnapshot();
  });

  it('names nobody in full, leads nowhere and says nothing of who is at home', () => {
    for (const source of EVERY) {
      const { body } = renderSpoken(source);
      expect(body).not.toMatch(/张伟|Rosa|Gruber|https?|\/[vc]\b|SW-0042|外出|不在家|无人|nobody|empty|not at home/);
      expect(body).toMatch(/S W 0 0 4 2/);
      expect(renderCall(renderSpoken(source))).toMatchObject({ kind: 'free', parts: 1 });
    }
  });

  it('has no Chinese letter for an English voice', () => {
    for (const source of EVERY)
      if (source.language === 'en') expect(renderSpoken(source).body).not.toMatch(/\p{Script=Han}/u);
  });
});

describe('the TwiML of a call', () => {
  it.each(LANGUAGES)('says the sentence twice in %s and asks for one key', (language) => {
    const twiml = callTwiml('Is A < B & C?', language, 'https://sw.example.org/webhooks/twilio/key?delivery=7&x=1');
    const { says, languages, keyUrl } = callScriptIn(twiml);

    expect(says).toEqual(['Is A < B & C?', 'Is A < B & C?']);
    expect(new Set(languages)).toEqual(new Set([language === 'en' ? 'en-US' : 'cmn-CN']));
    expect(keyUrl).toBe('https://sw.example.org/webhooks/twilio/key?delivery=7&x=1');
    expect(twiml).toContain('numDigits="1"');
  });

  it('fits what Twilio takes, however long the sentence that a call may have', () => {
    const longest = '好&'.repeat(150);
    expect(renderCall({ ...renderSpoken(still), body: longest })).toMatchObject({ kind: 'free' });
    expect(callTwiml(longest, 'zh-CN', `https://sw.example.org/${'k'.repeat(100)}`).length).toBeLessThan(4_000);
  });

  it.each(LANGUAGES)('says thanks for a key, in %s, and asks for no other', (language) => {
    const { says, keyUrl } = callScriptIn(thanksTwiml(language));
    expect(says).toMatchSnapshot();
    expect(keyUrl).toBeUndefined();
  });
});

describe('a call that must not be made', () => {
  it.each([
    ['too long to listen to', { body: '好'.repeat(301) }],
    ['about several homes', { isBundle: true }],
    ['with a link', { body: 'see https://sw.example.org/v/abc' }],
    ['with the address of the code page', { body: 'see sw.example.org/c' }],
  ])('is refused here: %s', (_, wrong) => {
    expect(renderCall({ ...renderSpoken(still), ...wrong })).toMatchObject({
      kind: 'refused',
      cause: 'content_refused',
    });
  });
});
