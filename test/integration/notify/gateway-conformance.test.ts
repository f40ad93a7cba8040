import { describe, expect, it } from 'vitest';
import { callScriptIn } from '../../../simulator/phone-network/call-script.ts';
import type { CallFate, Fate } from '../../../simulator/phone-network/fate.ts';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { aliyunSmsGateway } from '../../../src/notify/channels/aliyun-sms-gateway.ts';
import { httpSmsGateway } from '../../../src/notify/channels/http-sms-gateway.ts';
import { logSmsGateway } from '../../../src/notify/channels/log-sms-gateway.ts';
import { logVoiceGateway } from '../../../src/notify/channels/log-voice-gateway.ts';
import { phonesInbox } from '../../../src/notify/channels/phones-inbox.ts';
import { twilioSmsGateway } from '../../../src/notify/channels/twilio-sms-gateway.ts';
import { twilioVoiceGateway } from '../../../src/notify/channels/twilio-voice-gateway.ts';
import { asks } from '../../../src/notify/asks.ts';
import type { SmsGateway, SmsText, TextContent } from '../../../src/notify/sms-gateway.ts';
import type { Access } from '../../../src/notify/templates/access.ts';
import { renderSpoken } from '../../../src/notify/templates/render-spoken.ts';
import { renderText, type TextSource } from '../../../src/notify/templates/render-text.ts';
import { twilioConfigFor, twilioVoiceConfigFor, usePhoneNetwork } from '../../support/phone-network.ts';
import { aliyunConfigFor, httpFileFor, useAliyunNetwork, useHttpNetwork } from '../../support/provider-networks.ts';

const NINE = new Date('2026-03-02T01:00:00Z');
const clock = handTurnedClock(NINE);
const phones = usePhoneNetwork(clock);
const aliyun = useAliyunNetwork(clock);
const http = useHttpNetwork();
/** A port that nobody listens on, and that no client refuses to call. */
const NOWHERE = 'http://127.0.0.1:59997';
const BRIEFLY_MS = 300;

/** What a provider can be told to do with the next text to a phone. */
type Trouble = 'no such number' | 'overloaded' | 'wrong credentials' | 'out of money' | 'takes and hangs' | 'breaks';

interface Bench {
  readonly gateway: SmsGateway;
  /** How many texts a phone has received, and what the last one said. */
  readonly received: (phone: string) => readonly string[];
  /** Undefined where the provider has no such trouble. */
  readonly trouble?: (phone: string, trouble: Trouble) => SmsGateway | undefined;
  /** The same gateway where nobody listens. */
  readonly unreachable?: SmsGateway;
}

function twilio(baseUrl = phones.network.url, token?: string, timeoutMs?: number): SmsGateway {
  const config = twilioConfigFor(baseUrl, token);
  return twilioSmsGateway({ config, publicBaseUrl: NOWHERE, ...(timeoutMs !== undefined && { timeoutMs }) });
}

function twilioVoice(baseUrl = phones.network.url, token?: string, timeoutMs?: number): SmsGateway {
  const config = twilioVoiceConfigFor(baseUrl, token);
  return twilioVoiceGateway({ config, publicBaseUrl: NOWHERE, ...(timeoutMs !== undefined && { timeoutMs }) });
}

/** What goes wrong with Twilio goes wrong with texts as with calls. */
function twilioTrouble(
  make: typeof twilio,
  script: (phone: string, fate: CallFate & Fate) => void,
): NonNullable<Bench['trouble']> {
  return (phone, trouble) => {
    switch (trouble) {
      case 'no such number':
        script(phone, { kind: 'reject', code: 21_211, httpStatus: 400 });
        return make();
      case 'overloaded':
        script(phone, { kind: 'overloaded' });
        return make();
      case 'wrong credentials':
        return make(phones.network.url, 'another token');
      case 'out of money':
        return undefined;
      case 'takes and hangs':
        script(phone, { kind: 'hang' });
        return make(phones.network.url, undefined, BRIEFLY_MS);
      case 'breaks':
        script(phone, { kind: 'broken', httpStatus: 500 });
        return make();
    }
  };
}

/** Every gateway goes through the same suite: a new one is added here. */
const GATEWAYS: Readonly<Record<string, () => Bench>> = {
  log: () => {
    const gateway = logSmsGateway({ clock, log: createLogger('silent') });
    return { gateway, received: (phone) => gateway.texts().flatMap(({ to, body }) => (to === phone ? [body] : [])) };
  },
  twilio: () => ({
    gateway: twilio(),
    received: (phone) => phones.network.textsTo(phone).map(({ body }) => body),
    unreachable: twilio(NOWHERE),
    trouble: twilioTrouble(twilio, (phone, fate) => phones.network.script(phone, fate)),
  }),
  'twilio-voice': () => ({
    gateway: twilioVoice(),
    received: (phone) => phones.network.callsTo(phone).flatMap(({ twiml }) => callScriptIn(twiml).says.slice(0, 1)),
    unreachable: twilioVoice(NOWHERE),
    trouble: twilioTrouble(twilioVoice, (phone, fate) => phones.network.scriptCalls(phone, fate)),
  }),
  'log-voice': () => {
    const inbox = phonesInbox({ clock });
    const gateway = logVoiceGateway({ log: createLogger('silent'), inbox });
    return { gateway, received: (phone) => inbox.texts().flatMap(({ to, body }) => (to === phone ? [body] : [])) };
  },
  aliyun: () => ({
    gateway: aliyunSmsGateway({ config: aliyun.config, clock }),
    received: (phone) => aliyun.network.textsTo(phone.slice(3)).map(({ variables }) => JSON.stringify(variables)),
    unreachable: aliyunSmsGateway({ config: aliyunConfigFor(NOWHERE), clock }),
    trouble: (phone, trouble) => {
      const script = (code: string) => aliyun.network.script(phone.slice(3), { kind: 'reject', code });
      switch (trouble) {
        case 'no such number':
          script('isv.MOBILE_NUMBER_ILLEGAL');
          break;
        case 'overloaded':
          script('isv.BUSINESS_LIMIT_CONTROL');
          break;
        case 'wrong credentials':
          return aliyunSmsGateway({ config: aliyunConfigFor(aliyun.network.url, 'another secret'), clock });
        case 'out of money':
          script('isv.AMOUNT_NOT_ENOUGH');
          break;
        case 'takes and hangs':
          aliyun.network.script(phone.slice(3), { kind: 'hang' });
          break;
        case 'breaks':
          script('isp.SYSTEM_ERROR');
          break;
      }
      return aliyunSmsGateway({ config: aliyun.config, clock, timeoutMs: BRIEFLY_MS });
    },
  }),
  'city-sms': () => ({
    gateway: httpSmsGateway(http.file),
    received: (phone) => http.network.textsTo(phone).map(({ text }) => text),
    unreachable: httpSmsGateway(httpFileFor(NOWHERE)),
    trouble: (phone, trouble) => {
      switch (trouble) {
        case 'no such number':
          http.network.script(phone, { kind: 'reject', code: 1_001 });
          break;
        case 'overloaded':
          http.network.script(phone, { kind: 'status', httpStatus: 429 });
          break;
        case 'wrong credentials':
          return httpSmsGateway(httpFileFor(http.network.url, 'another token'));
        case 'out of money':
          http.network.script(phone, { kind: 'reject', code: 4_020 });
          break;
        case 'takes and hangs':
          http.network.script(phone, { kind: 'hang' });
          return httpSmsGateway(httpFileFor(http.network.url, undefined, 1));
        case 'breaks':
          http.network.script(phone, { kind: 'status', httpStatus: 502 });
          break;
      }
      return httpSmsGateway(http.file);
    },
  }),
};

const STILL: TextSource = {
  intent: 'check_request',
  role: 'contact',
  language: 'zh-CN',
  homeCode: 'H0042',
  timeZone: 'Asia/Shanghai',
  residentName: '张伟',
  figures: { detector: 'low-use', windowHours: 24, litres: 3 },
  recoveredAt: null,
  mustConfirm: true,
  closeOutcome: null,
  closerName: null,
};
const LINK: Access = { kind: 'link', url: 'https://sw.example.org/v/AbC_d-1?x=1&y=2' };
const CODE: Access = { kind: 'code', address: 'sw.example.org/c', code: 'ABCD-2345' };

let phoneNumber = 13_900_000_000;
/** One of our texts or calls, as this route may carry it, to a phone of its own. */
function text({ channel, capabilities }: SmsGateway, source: Partial<TextSource> = {}): SmsText {
  phoneNumber += 1;
  const whole = { ...STILL, ...source };
  const content =
    channel === 'voice' ? renderSpoken(whole) : renderText(whole, capabilities.url === 'any' ? LINK : CODE);
  return { ...content, to: `+86${phoneNumber}`, deliveryId: phoneNumber, validForS: 900 };
}

describe.each(Object.entries(GATEWAYS))('the %s gateway', (name, open) => {
  it('is known by its name', () => {
    expect(open().gateway.name).toBe(name);
  });

  it('can what it says it can', () => {
    const { capabilities, lookup } = open().gateway;
    expect(capabilities.lookup).toBe(lookup !== undefined);
    expect(capabilities.longestVariable === undefined).toBe(capabilities.freeText);
  });

  it('takes a text, gives it a reference of its own and brings it to the phone as it was written', async () => {
    const { gateway, received } = open();
    const first = text(gateway);
    const second = text(gateway, { intent: 'emergency', homeCode: 'H0043' });
    const outcomes = [await gateway.send(first), await gateway.send(second)];

    expect(outcomes).toMatchObject([
      { kind: 'accepted', parts: 1 },
      { kind: 'accepted', parts: 1 },
    ]);
    const references = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.reference] : []));
    expect(new Set(references).size).toBe(2);
    const { freeText } = gateway.capabilities;
    expect(received(first.to)).toEqual([freeText ? first.body : JSON.stringify(first.variables)]);
    expect(received(second.to)).toEqual([freeText ? second.body : JSON.stringify(second.variables)]);
  });

  it('does not throw texts together that are sent at once', async () => {
    const { gateway, received } = open();
    const texts = Array.from({ length: 20 }, (_, i) => text(gateway, { homeCode: `H${i}` }));
    await Promise.all(texts.map((each) => gateway.send(each)));

    for (const each of texts) expect(received(each.to)).toHaveLength(1);
    expect(texts.map(({ to }) => received(to)[0])).toEqual(
      texts.map(({ body, variables }) => (gateway.capabilities.freeText ? body : JSON.stringify(variables))),
    );
  });

  it('renders every one of our texts in every language, and sends what it rendered', async () => {
    const { gateway } = open();
    for (const intent of [
      'check_request',
      'check_again',
      'emergency',
      'claim_lapsed',
      'recovered',
      'stand_down',
    ] as const) {
      if (gateway.channel === 'voice' && !asks(intent)) continue;
      for (const language of ['zh-CN', 'en'] as const) {
        const each = text(gateway, { intent, language, closeOutcome: 'safe', closerName: '王芳' });
        expect(gateway.render(each), `${intent} ${language}`).not.toMatchObject({ kind: 'refused' });
        expect(await gateway.send(each), `${intent} ${language}`).toMatchObject({ kind: 'accepted' });
      }
    }
  });

  it('refuses here what the provider would refuse, before anything goes over the network', async () => {
    const { gateway, received } = open();
    const fine = text(gateway);
    const wrong: TextContent[] = gateway.capabilities.freeText
      ? [{ ...fine, body: '好'.repeat(600) }]
      : [
          { ...fine, variables: { ...fine.variables, shows: '好'.repeat(36) } },
          { ...fine, variables: { ...fine.variables, shows: 'https://sw.example.org' } },
          { ...fine, variables: { ...fine.variables, shows: 'sw.zs.gov.cn' } },
          { ...fine, intent: 'emergency', isBundle: true },
        ];
    for (const content of wrong) {
      expect(gateway.render(content)).toMatchObject({ kind: 'refused' });
      expect(await gateway.send({ ...fine, ...content })).toMatchObject({ kind: 'rejected' });
    }
    expect(received(fine.to)).toEqual([]);
  });

  it('took nothing where nobody listens', async () => {
    const { unreachable } = open();
    if (!unreachable) return;
    expect(await unreachable.send(text(unreachable))).toMatchObject({ kind: 'retry', cause: 'not_connected' });
    const query = { to: '+8613999999999', since: NINE, deliveryId: 1 };
    if (unreachable.lookup) expect(await unreachable.lookup(query)).toBeUndefined();
  });

  it.each([
    ['no such number', { kind: 'rejected', cause: 'invalid_number' }],
    ['overloaded', { kind: 'retry', cause: 'rate_limited' }],
    ['wrong credentials', { kind: 'rejected', cause: 'account_refused' }],
    ['out of money', { kind: 'rejected', cause: 'balance_empty' }],
    ['takes and hangs', { kind: 'unknown' }],
    ['breaks', { kind: 'unknown' }],
  ] as const)('tells a provider that has trouble: %s', async (trouble, expected) => {
    const { gateway, trouble: arrange, received } = open();
    const each = text(gateway);
    const troubled = arrange?.(each.to, trouble);
    if (!troubled) return;

    expect(await troubled.send(each)).toMatchObject(expected);
    expect(received(each.to)).toHaveLength(trouble === 'takes and hangs' ? 1 : 0);
  });

  it('finds the text it took, where it can look up, and nothing for another phone or an earlier time', async () => {
    const { gateway } = open();
    if (!gateway.lookup) return;
    const taken = text(gateway);
    const outcome = await gateway.send(taken);
    const { deliveryId } = taken;
    const dayLater = new Date(NINE.getTime() + 26 * 3_600_000);

    expect(outcome).toMatchObject({ kind: 'accepted' });
    const reference = outcome.kind === 'accepted' && outcome.reference;
    expect(await gateway.lookup({ to: taken.to, since: NINE, deliveryId })).toEqual([reference]);
    expect(await gateway.lookup({ to: '+8613999999999', since: NINE, deliveryId: 1 })).toEqual([]);
    expect(await gateway.lookup({ to: taken.to, since: dayLater, deliveryId: 1 })).toEqual([]);
  });
});

describe('the log gateway', () => {
  it('forgets the oldest when it has kept a thousand texts', async () => {
    const gateway = logSmsGateway({ clock, log: createLogger('silent') });
    for (let i = 0; i < 1_001; i += 1) await gateway.send({ ...text(gateway), body: `text ${i}` });

    expect(gateway.texts()).toHaveLength(1_000);
    expect(gateway.texts()[0]).toMatchObject({ n: 2, body: 'text 1' });
  });
});
