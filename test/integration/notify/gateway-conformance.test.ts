import { describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { logSmsGateway } from '../../../src/notify/channels/log-sms-gateway.ts';
import { twilioSmsGateway } from '../../../src/notify/channels/twilio-sms-gateway.ts';
import type { SmsGateway, SmsText } from '../../../src/notify/sms-gateway.ts';
import { twilioConfigFor, usePhoneNetwork } from '../../support/phone-network.ts';

const NINE = new Date('2026-03-02T01:00:00Z');
const clock = handTurnedClock(NINE);
const phones = usePhoneNetwork(clock);
const PUBLIC_BASE_URL = 'http://127.0.0.1:9';

interface Bench {
  readonly gateway: SmsGateway;
  /** What a phone has received. */
  readonly received: (phone: string) => readonly string[];
}

/** Every gateway goes through the same suite: a new one is added here. */
const GATEWAYS: Readonly<Record<string, () => Bench>> = {
  log: () => {
    const gateway = logSmsGateway({ clock, log: createLogger('silent') });
    return { gateway, received: (phone) => gateway.texts().flatMap(({ to, body }) => (to === phone ? [body] : [])) };
  },
  twilio: () => ({
    gateway: twilioSmsGateway({ config: twilioConfigFor(phones.network.url), publicBaseUrl: PUBLIC_BASE_URL }),
    received: (phone) => phones.network.textsTo(phone).map(({ body }) => body),
  }),
};

let phoneNumber = 13_900_000_000;
function text(body: string): SmsText {
  phoneNumber += 1;
  return { to: `+86${phoneNumber}`, body, intent: 'check_request', deliveryId: phoneNumber, validForS: 900 };
}

describe.each(Object.entries(GATEWAYS))('the %s gateway', (name, open) => {
  it('is known by its name', () => {
    expect(open().gateway.name).toBe(name);
  });

  it('takes a text, gives it a reference of its own and brings it to the phone as it was written', async () => {
    const { gateway, received } = open();
    const first = text('【静水】请走访张*H0042：24小时用水3升 https://sw.example.org/v/AbC_d-1?x=1&y=2');
    const second = text('a'.repeat(200));
    const outcomes = [await gateway.send(first), await gateway.send(second)];

    expect(outcomes).toMatchObject([
      { kind: 'accepted', parts: 1 },
      { kind: 'accepted', parts: 2 },
    ]);
    const references = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.reference] : []));
    expect(new Set(references).size).toBe(2);
    expect(received(first.to)).toEqual([first.body]);
    expect(received(second.to)).toEqual([second.body]);
  });

  it('does not throw texts together that are sent at once', async () => {
    const { gateway, received } = open();
    const texts = Array.from({ length: 20 }, (_, i) => text(`text ${i}`));
    await Promise.all(texts.map((each) => gateway.send(each)));

    expect(texts.map(({ to }) => received(to))).toEqual(texts.map(({ body }) => [body]));
  });
});

describe('a gateway that can look up', () => {
  it('finds the text it took, and nothing for another phone or an earlier time', async () => {
    const { gateway } = GATEWAYS['twilio']!();
    const taken = text('looked for');
    const outcome = await gateway.send(taken);
    const find = (to: string, since: Date) => gateway.lookup!({ to, since });

    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(await find(taken.to, NINE)).toEqual([outcome.kind === 'accepted' && outcome.reference]);
    expect(await find('+8613999999999', NINE)).toEqual([]);
    expect(await find(taken.to, new Date(NINE.getTime() + 3_600_000))).toEqual([]);
  });
});

describe('a gateway over the network', () => {
  const unreachable = () =>
    twilioSmsGateway({ config: twilioConfigFor(PUBLIC_BASE_URL), publicBaseUrl: PUBLIC_BASE_URL });

  it('took nothing where nobody listens', async () => {
    expect(await unreachable().send(text('into the void'))).toMatchObject({ kind: 'retry', cause: 'not_connected' });
  });

  it('does not take silence for an empty list', async () => {
    expect(await unreachable().lookup?.({ to: '+8613999999999', since: NINE })).toBeUndefined();
  });
});

describe('the log gateway', () => {
  it('forgets the oldest when it has kept a thousand texts', async () => {
    const gateway = logSmsGateway({ clock, log: createLogger('silent') });
    for (let i = 0; i < 1_001; i += 1) await gateway.send(text(`text ${i}`));

    expect(gateway.texts()).toHaveLength(1_000);
    expect(gateway.texts()[0]).toMatchObject({ n: 2, body: 'text 1' });
  });
});
