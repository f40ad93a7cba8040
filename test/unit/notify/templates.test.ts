import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSE_OUTCOMES } from '../../../src/domain/alerting/alert.ts';
import { INTENTS } from '../../../src/db/outbox.ts';
import { ROLES } from '../../../src/domain/alerting/escalation-policy.ts';
import { LANGUAGES } from '../../../src/domain/language.ts';
import { smsLength } from '../../../src/domain/notification/sms-length.ts';
import { PARTS_BUDGET } from '../../../src/notify/templates/budget.ts';
import { renderText as render, type TextSource } from '../../../src/notify/templates/render-text.ts';

const CODE = { kind: 'code', address: 'sw.zs.gov.cn/c', code: 'ABCD-2345' } as const;
const LINK = 'https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv';

const still: TextSource = {
  intent: 'check_request',
  role: 'contact',
  language: 'zh-CN',
  homeCode: 'H0042',
  residentName: '张伟',
  figures: { detector: 'low-use', windowHours: 24, litres: 3 },
  timeZone: 'Asia/Shanghai',
  recoveredAt: null,
  mustConfirm: true,
  closeOutcome: null,
  closerName: null,
};
const running: TextSource['figures'] = { detector: 'running-water', hours: 12, leastLitresPerHour: 60, litres: 800 };

const NOTICE = {
  area: '幸福里',
  cause: 'dry',
  affected: 42,
  homes: 60,
  heldUntilMs: Date.UTC(2026, 2, 2, 5),
  hours: 30,
  usedFromMs: Date.UTC(2026, 2, 1, 23),
  usedByMs: Date.UTC(2026, 2, 2, 0),
  firstHome: 'H0042',
  slots: 3,
  slotFromMs: Date.UTC(2026, 2, 3, 0),
  gateway: 'twilio',
  refusal: 'balance',
  ...{ tickets: 12, freshTickets: 3, tampered: 1, drifts: 2 },
  timeZone: 'Asia/Shanghai',
} as const;
const REASONS: TextSource['figures'][] = [
  { detector: 'inactivity', dryHours: 26 },
  still.figures,
  running,
  { detector: 'running-water', hours: 6, leastLitresPerHour: 0, litres: 900 },
  undefined,
];

/** The whole text, with a link. */
function renderText(source: TextSource, url: string): string {
  return render(source, { kind: 'link', url }).body;
}

/** The same text to every role, in one language. */
function toEveryone(source: TextSource): string {
  return ROLES.map((role) => `${role}: ${renderText({ ...source, role }, LINK)}`).join('\n');
}

describe('the text that asks for a home check', () => {
  it('tells the guardian to call and the contact to go to the door, in Chinese', () => {
    expect(toEveryone(still)).toMatchInlineSnapshot(`
      "guardian: 【静水】请致电张*H0042：24小时用水3升 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      contact: 【静水】请走访张*H0042：24小时用水3升 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      supervisor: 【静水】请督办张*H0042：24小时用水3升 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      desk: 【静水】请处置张*H0042：24小时用水3升 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv"
    `);
  });

  it('says the same in English', () => {
    expect(toEveryone({ ...still, language: 'en', residentName: 'Rosa Gruber' })).toMatchInlineSnapshot(`
      "guardian: Stillwater: please call G. (H0042): 3 L of water used in 24 h. https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      contact: Stillwater: please check at the door of G. (H0042): 3 L of water used in 24 h. https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      supervisor: Stillwater: please see to G. (H0042): 3 L of water used in 24 h. https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      desk: Stillwater: please act on G. (H0042): 3 L of water used in 24 h. https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv"
    `);
  });

  it('says that water runs without a stop', () => {
    expect(renderText({ ...still, figures: running }, LINK)).toMatchInlineSnapshot(
      `"【静水】请走访张*H0042：水流12小时未停 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv"`,
    );
    expect(renderText({ ...still, figures: running, language: 'en' }, LINK)).toMatchInlineSnapshot(
      `"Stillwater: please check at the door of 张* (H0042): water has run for 12 h on end. https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv"`,
    );
  });

  it('asks for the check even when it does not know the figures or the name', () => {
    const bare = { ...still, figures: undefined, residentName: null };

    expect(renderText(bare, LINK)).toMatchInlineSnapshot(
      `"【静水】请走访住户H0042：用水异常 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv"`,
    );
    expect(renderText({ ...bare, language: 'en' }, LINK)).toMatchInlineSnapshot(
      `"Stillwater: please check at the door of the home (H0042): the water use is unusual. https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv"`,
    );
  });
});

describe('the text about somebody found in need of help', () => {
  it('calls for help at once, in both languages', () => {
    expect(toEveryone({ ...still, intent: 'emergency' })).toMatchInlineSnapshot(`
      "guardian: 【静水】急！张*H0042需要帮助，请立即联系 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      contact: 【静水】急！张*H0042需要帮助，请立即前往 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      supervisor: 【静水】急！张*H0042需要帮助，请立即督办 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      desk: 【静水】急！张*H0042需要帮助，请立即处置 https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv"
    `);
    expect(toEveryone({ ...still, intent: 'emergency', language: 'en' })).toMatchInlineSnapshot(`
      "guardian: Stillwater URGENT: 张* (H0042) needs help. Please get in touch at once: https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      contact: Stillwater URGENT: 张* (H0042) needs help. Please go there at once: https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      supervisor: Stillwater URGENT: 张* (H0042) needs help. Please see to it at once: https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv
      desk: Stillwater URGENT: 张* (H0042) needs help. Please act at once: https://sw.zs.gov.cn/v/AbCdEfGhIjKlMnOpQrStUv"
    `);
  });
});

describe('the text that the water is back', () => {
  const back: TextSource = { ...still, intent: 'recovered', recoveredAt: new Date('2026-03-02T01:12:00Z') };

  it('says since when by the clocks at home, and whether somebody must still look', () => {
    const all = [back, { ...back, mustConfirm: false }, { ...back, figures: running }, { ...back, recoveredAt: null }];
    expect(all.map((each) => renderText(each, LINK)).join('\n')).toMatchInlineSnapshot(`
      "【静水】张*H0042：3月2日09:12又有用水，仍请核实并反馈。
      【静水】张*H0042：3月2日09:12又有用水，若持续正常将自动结束。
      【静水】张*H0042：3月2日09:12水已停流，仍请核实并反馈。
      【静水】张*H0042：又有用水，仍请核实并反馈。"
    `);
    expect(all.map((each) => renderText({ ...each, language: 'en' }, LINK)).join('\n')).toMatchInlineSnapshot(`
      "Stillwater: 张* (H0042): water is used again (2 Mar 09:12). Please still check and answer.
      Stillwater: 张* (H0042): water is used again (2 Mar 09:12). If it stays so, this ends by itself.
      Stillwater: 张* (H0042): the water has stopped running (2 Mar 09:12). Please still check and answer.
      Stillwater: 张* (H0042): water is used again. Please still check and answer."
    `);
  });
});

it('tells whoever was on the way that their time is up', () => {
  const lapsed: TextSource = { ...still, intent: 'claim_lapsed' };
  expect(LANGUAGES.map((language) => renderText({ ...lapsed, language }, LINK)).join('\n')).toMatchInlineSnapshot(`
    "【静水】张*H0042：您表示前往后尚未反馈，现已另请他人。请尽快反馈核实结果。
    Stillwater: no answer yet about 张* (H0042), so others are asked now. Please say what you found."
  `);
});

describe('the text that ends it', () => {
  const outcomes = [...CLOSE_OUTCOMES, null] as const;
  const endings = (source: TextSource) =>
    outcomes.map((closeOutcome) => renderText({ ...source, intent: 'stand_down', closeOutcome }, LINK)).join('\n');

  it('says who checked and what they found, in Chinese', () => {
    expect(endings({ ...still, closerName: '王芳' })).toMatchInlineSnapshot(`
      "【静水】张*H0042的核查已结束：王*已核实，人平安。谢谢！
      【静水】张*H0042的核查已结束：王*已核实，无需再处理。谢谢！
      【静水】张*H0042的核查已结束：王*已核实，无需再处理。谢谢！
      【静水】张*H0042的核查已结束：王*已核实，是误报。谢谢！
      【静水】张*H0042的核查已结束：王*已核实，无需再处理。谢谢！
      【静水】张*H0042的核查已结束：补到的读数表明用水正常。谢谢！
      【静水】张*H0042的核查已结束：用水已恢复正常。谢谢！
      【静水】张*H0042的核查已结束：王*已核实，无需再处理。谢谢！"
    `);
  });

  it('says the same in English, and leaves out a name it does not have', () => {
    expect(endings({ ...still, language: 'en', closerName: 'Lena Wolf' })).toMatchInlineSnapshot(`
      "Stillwater: the check on 张* (H0042) is closed: W. checked, the person is well. Thank you!
      Stillwater: the check on 张* (H0042) is closed: W. checked, nothing more to do. Thank you!
      Stillwater: the check on 张* (H0042) is closed: W. checked, nothing more to do. Thank you!
      Stillwater: the check on 张* (H0042) is closed: W. checked, it was a false alarm. Thank you!
      Stillwater: the check on 张* (H0042) is closed: W. checked, nothing more to do. Thank you!
      Stillwater: the check on 张* (H0042) is closed: late readings show normal use. Thank you!
      Stillwater: the check on 张* (H0042) is closed: water use is ordinary again. Thank you!
      Stillwater: the check on 张* (H0042) is closed: W. checked, nothing more to do. Thank you!"
    `);
    expect(
      renderText({ ...still, language: 'en', intent: 'stand_down', closeOutcome: 'safe' }, LINK),
    ).toMatchInlineSnapshot(
      `"Stillwater: the check on 张* (H0042) is closed: checked, the person is well. Thank you!"`,
    );
  });

  it('never tells that somebody is away', () => {
    const away = LANGUAGES.map((language) =>
      renderText({ ...still, language, intent: 'stand_down', closeOutcome: 'away', closerName: '王芳' }, LINK),
    );

    expect(away.join()).not.toMatch(/外出|不在|无人|离家|away|empty|nobody|not at home/i);
  });
});

const digits = (max: number) => fc.integer({ min: 0, max });
const figures = (max: number) =>
  fc.oneof(
    fc.record({ detector: fc.constant('low-use' as const), windowHours: digits(max), litres: digits(max) }),
    fc.record({
      detector: fc.constant('running-water' as const),
      hours: digits(max),
      leastLitresPerHour: digits(max),
      litres: digits(max),
    }),
    fc.constant(undefined),
  );
const code = (longest: number) => fc.stringMatching(new RegExp(`^[A-Z0-9-]{1,${longest}}$`));
const hanName = fc.stringMatching(/^[李王张刘陈杨赵黄周吴][伟芳娜敏静丽强磊军洋艳杰]{1,2}$/);
const latinName = fc.stringMatching(/^[A-Z][a-z]{3,9} [A-Z][a-z]{3,9}$/);
const someTime = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2036, 0) });
const notice = (longestCode: number, max: number) =>
  fc.record({
    area: fc.stringMatching(/^[幸福里社区东西南北街道0-9]{1,100}$/),
    cause: fc.constantFrom('dry' as const, 'silent' as const, 'works' as const),
    affected: digits(max),
    homes: digits(max),
    heldUntilMs: someTime,
    hours: digits(max),
    usedFromMs: someTime,
    usedByMs: someTime,
    firstHome: fc.option(code(longestCode), { nil: undefined }),
    slots: digits(max),
    slotFromMs: someTime,
    gateway: fc.stringMatching(/^[a-z][a-z0-9-]{1,30}$/),
    refusal: fc.constantFrom('account' as const, 'balance' as const, 'sender' as const, 'template' as const),
    tickets: digits(max),
    freshTickets: digits(max),
    tampered: digits(max),
    drifts: digits(max),
    timeZone: fc.constantFrom('Asia/Shanghai', 'Europe/Vienna'),
  });
const source = (longestCode: number, max: number): fc.Arbitrary<TextSource> =>
  fc.record({
    intent: fc.constantFrom(...INTENTS),
    role: fc.constantFrom(...ROLES),
    language: fc.constantFrom(...LANGUAGES),
    homeCode: code(longestCode),
    residentName: fc.option(fc.oneof(hanName, latinName)),
    timeZone: fc.constantFrom('Asia/Shanghai', 'Europe/Vienna'),
    recoveredAt: fc.option(fc.date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true })),
    mustConfirm: fc.boolean(),
    figures: figures(max),
    notice: notice(longestCode, max),
    closeOutcome: fc.constantFrom(...CLOSE_OUTCOMES),
    closerName: fc.option(fc.oneof(hanName, latinName)),
  });

/** What Aliyun takes in a variable of a template. */
const LONGEST_VARIABLE = 35;

describe('every text', () => {
  it('fits one part of 70 units in Chinese with a link or a code, whatever the home and the figures', () => {
    fc.assert(
      fc.property(source(5, 99), fc.constantFrom({ kind: 'link', url: LINK } as const, CODE), (text, access) => {
        const { encoding, units } = smsLength(render({ ...text, language: 'zh-CN' }, access).body);
        expect(units).toBeLessThanOrEqual(encoding === 'ucs2' ? 70 : 160);
      }),
      { numRuns: 3_000 },
    );
  });

  it('fills the variables of a reviewed template within their length, and never with an address', () => {
    fc.assert(
      fc.property(source(5, 99), (text) => {
        for (const [name, value] of Object.entries(render(text, CODE).variables)) {
          expect(Array.from(value).length, `${name}: ${value}`).toBeLessThanOrEqual(LONGEST_VARIABLE);
          expect(value).not.toMatch(/https?:|\.cn/);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('carries a code and no link where its route takes no links', () => {
    expect(render(still, CODE).body).toMatchInlineSnapshot(
      `"【静水】请走访张*H0042：24小时用水3升 sw.zs.gov.cn/c 码ABCD-2345"`,
    );
    expect(render({ ...still, language: 'en' }, CODE).body).toMatchInlineSnapshot(
      `"Stillwater: please check at the door of 张* (H0042): 3 L of water used in 24 h. sw.zs.gov.cn/c code ABCD-2345"`,
    );
  });

  it('says as little of the home in every intent, language, role and reason: no phone, no full name, nobody away', () => {
    const shown = INTENTS.flatMap((intent) =>
      LANGUAGES.flatMap((language) =>
        ROLES.flatMap((role) =>
          REASONS.map((figures) => render({ ...still, intent, language, role, figures, notice: NOTICE }, CODE).body),
        ),
      ),
    );
    expect([...new Set(shown)].join('\n')).toMatchSnapshot();
    expect(shown.join()).not.toMatch(/张伟|\d{11}|外出|不在家|无人|离家|nobody|empty|not at home/i);
  });

  it('keeps to its budget of parts for any home and any figures', () => {
    fc.assert(
      fc.property(source(5, 99), (text) => {
        const { parts } = smsLength(renderText(text, LINK));
        expect(parts).toBeLessThanOrEqual(PARTS_BUDGET[text.intent][text.language]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes one part more at the most where codes and addresses are long', () => {
    const longLink = `https://stillwater.civil-affairs.gov.cn/v/${'A'.repeat(22)}`;
    fc.assert(
      fc.property(source(16, 9_999), (text) => {
        const { parts } = smsLength(renderText(text, longLink));
        expect(parts).toBeLessThanOrEqual(PARTS_BUDGET[text.intent][text.language] + 1);
      }),
    );
  });

  it('names nobody in full and carries no phone and no address', () => {
    const home = fc.record({ source: source(5, 99), phone: fc.constant('+8613800000000') });
    fc.assert(
      fc.property(home, ({ source: text, phone }) => {
        const beyond = { ...text, phone, address: '幸福路7号', alertId: 7 };
        const body = renderText(beyond, LINK);
        for (const name of [text.residentName, text.closerName]) {
          if (name !== null) expect(body).not.toContain(name);
          const [given] = (name ?? '').split(' ');
          if (given !== undefined && given.length > 2) expect(body).not.toContain(given);
        }
        expect(body).not.toContain(phone.slice(-8));
        expect(body).not.toContain('幸福路');
      }),
    );
  });
});
