import { ROLES } from '../../domain/alerting/escalation-policy.ts';
import { type Language, LANGUAGES } from '../../domain/language.ts';
import { smsLength } from '../../domain/notification/sms-length.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { asks } from '../../notify/asks.ts';
import type { TextContent } from '../../notify/sms-gateway.ts';
import type { Access } from '../../notify/templates/access.ts';
import { renderBundle } from '../../notify/templates/render-bundle.ts';
import { renderSpoken } from '../../notify/templates/render-spoken.ts';
import { renderText, type TextSource } from '../../notify/templates/render-text.ts';

export interface Preview {
  readonly language?: Language | undefined;
  /** `aliyun` shows the variables of its templates; `code` a text that may carry no link. */
  readonly route?: 'twilio' | 'aliyun' | 'code' | undefined;
}

const LINK: Access = { kind: 'link', url: `https://sw.zs.gov.cn/v/${'A'.repeat(22)}` };
const CODE: Access = { kind: 'code', address: 'sw.zs.gov.cn/c', code: 'ABCD-2345' };
const FIGURES: readonly TextSource['figures'][] = [
  { detector: 'inactivity', dryHours: 26 },
  { detector: 'low-use', windowHours: 24, litres: 3 },
  { detector: 'running-water', hours: 12, leastLitresPerHour: 60, litres: 800 },
  undefined,
];
const RECOVERED_AT = new Date('2026-03-02T01:12:00Z');
const USED_BY_MS = RECOVERED_AT.getTime();
const USED = [0, 60 * MINUTE_MS].map((ms) => ({
  usedFromMs: USED_BY_MS - ms,
  usedByMs: USED_BY_MS,
  timeZone: 'Asia/Shanghai',
}));
const OUTCOMES = ['safe', 'false_alarm', 'late_data', 'away', 'water_returned'] as const;
/** Of each notice the figures it quotes. */
const NOTICES = [
  ...(['dry', 'silent', 'works', 'feed'] as const).map((cause) => ({
    intent: 'area_outage' as const,
    role: 'desk' as const,
    notice: { area: '幸福里', cause, affected: 42, homes: 60, heldUntilMs: USED_BY_MS },
  })),
  { intent: 'look_in', role: 'contact', notice: { hours: 36 } },
  { intent: 'absence_ended', role: 'guardian', notice: {} },
  {
    intent: 'roster_gap',
    role: 'supervisor',
    notice: { homes: 12, firstHome: 'H0042', slots: 3, slotFromMs: USED_BY_MS },
  },
  { intent: 'roster_gap', role: 'supervisor', notice: { homes: 1, firstHome: 'H0042', slots: 0 } },
  { intent: 'ticket_digest', role: 'supervisor', notice: { tickets: 12, freshTickets: 3, tampered: 1, drifts: 2 } },
  ...(['account', 'balance', 'sender', 'template'] as const).map((refusal) => ({
    intent: 'gateway_fault' as const,
    role: 'desk' as const,
    notice: { gateway: 'twilio', refusal },
  })),
] as const;

/** Every text in every form, each with how long it is on air: an invented home, no phone, no database. */
export function previewTexts({ language, route = 'twilio' }: Preview): string[] {
  const access = route === 'twilio' ? LINK : CODE;
  return (language ? [language] : LANGUAGES).flatMap((each) =>
    sourcesIn(each)
      .map((source) => renderText(source, access))
      .concat(bundleIn(each, access))
      .map((content) => lineOf(content, route)),
  );
}

/** What every call says, in every language and to every role. */
export function previewCalls({ language }: Pick<Preview, 'language'>): string[] {
  return (language ? [language] : LANGUAGES).flatMap((each) =>
    sourcesIn(each)
      .filter(({ intent }) => asks(intent))
      .map((source) => renderSpoken(source))
      .map(({ intent, body }) => `${intent} by call (${each}), ${body.length} letters: ${body}`),
  );
}

function sourcesIn(language: Language): TextSource[] {
  const home = { language, homeCode: 'H0042', residentName: language === 'zh-CN' ? '张伟' : 'Rosa Gruber' };
  const closing = { closeOutcome: null, closerName: language === 'zh-CN' ? '王芳' : 'Lena Wolf' };
  const recovery = { timeZone: 'Asia/Shanghai', recoveredAt: RECOVERED_AT, mustConfirm: true };
  const base = { ...home, ...closing, ...recovery, role: 'contact', figures: FIGURES[1] } as const;
  return [
    ...FIGURES.flatMap((figures) =>
      ROLES.map((role): TextSource => ({ ...base, intent: 'check_request', role, figures })),
    ),
    ...ROLES.map((role): TextSource => ({ ...base, intent: 'emergency', role })),
    { ...base, intent: 'check_again' },
    { ...base, intent: 'claim_lapsed' },
    { ...base, intent: 'recovered' },
    { ...base, intent: 'recovered', mustConfirm: false },
    { ...base, intent: 'recovered', figures: FIGURES[2] },
    ...OUTCOMES.map((closeOutcome): TextSource => ({ ...base, intent: 'stand_down', closeOutcome })),
    ...USED.map((notice): TextSource => ({ ...base, intent: 'daily_word', role: 'guardian', notice })),
    ...NOTICES.map(({ intent, role, notice }): TextSource => ({
      ...base,
      intent,
      role,
      notice: { ...notice, timeZone: 'Asia/Shanghai' },
    })),
  ];
}

function bundleIn(language: Language, access: Access): TextContent[] {
  const [asks] = sourcesIn(language);
  if (!asks) return [];
  const homes = ['H0042', 'H0043', 'H0044'].map((homeCode) => ({ source: { ...asks, homeCode }, access }));
  const ends = homes.map(({ source }) => ({ source: { ...source, intent: 'stand_down' as const }, access }));
  const [first, ...others] = homes;
  const [firstEnd, ...otherEnds] = ends;
  return first && firstEnd ? [renderBundle([first, ...others]), renderBundle([firstEnd, ...otherEnds])] : [];
}

function lineOf(content: TextContent, route: Preview['route']): string {
  const { intent, language, isBundle, body, variables } = content;
  const { encoding, units, parts } = smsLength(body);
  const what = `${intent}${isBundle ? ' of several homes' : ''} (${language})`;
  if (route !== 'aliyun') return `${what}, ${units} ${encoding}, ${parts} part(s): ${body}`;
  const filled = Object.entries(variables).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
  return `${what}: ${filled.join(' ')}`;
}
