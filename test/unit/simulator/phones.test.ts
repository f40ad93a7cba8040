import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text as readAll } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnsweringHabits } from '../../../simulator/phones/answering-habits.ts';
import { type Answered, createPhones, type PhonesOptions } from '../../../simulator/phones/phones.ts';
import { checkLinkIn } from '../../../simulator/phones/read-text.ts';
import type { Role } from '../../../src/domain/alerting/escalation-policy.ts';
import { MINUTE_MS } from '../../../src/domain/time.ts';

const GUARDIAN = '+8613800001001';
const CONTACT = '+8613900001001';
const TOKEN = 'abcdefghijklmnopqrstuv';
const OTHER_TOKEN = 'ABCDEFGHIJKLMNOPQRSTUV';
const sentAt = new Date('2026-03-01T10:00:00Z');
const minutesLater = (minutes: number) => new Date(sentAt.getTime() + minutes * MINUTE_MS);

const FORM =
  '<form method="post"><input type="hidden" name="version" value="7"><input type="radio" name="outcome" value="safe"></form>';
const ALWAYS: AnsweringHabits = {
  delayMinutes: [10, 30],
  neverAnswers: 0,
  claimsFirst: 0,
  methods: ['in_person', 'in_person'],
};

/** The service as a phone sees it: an inbox of texts, and pages behind links. */
interface TestService {
  readonly texts: { n: number; to: string; body: string; at: string }[];
  readonly requests: { readonly line: string; readonly form: Record<string, string> }[];
  page: { readonly status: number; readonly html: string };
  postStatus: number;
}

let service: TestService;
let server: Server;
let baseUrl: string;

beforeEach(async () => {
  service = { texts: [], requests: [], page: { status: 200, html: FORM }, postStatus: 303 };
  server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request;
  if (url.startsWith('/phones.json')) {
    const after = Number(new URL(url, baseUrl).searchParams.get('after'));
    response.end(JSON.stringify({ texts: service.texts.filter(({ n }) => n > after).toReversed() }));
    return;
  }
  const form = Object.fromEntries(new URLSearchParams(await readAll(request)));
  service.requests.push({ line: `${method} ${url}`, form });
  if (method === 'GET') response.writeHead(service.page.status).end(service.page.html);
  else response.writeHead(service.postStatus, { location: url === '/c' ? `/v/${TOKEN}` : `${url}/result` }).end();
}

function receive(to: string, body: string, at = sentAt): void {
  service.texts.push({ n: service.texts.length + 1, to, body, at: at.toISOString() });
}

const askAbout = (code: string, token = TOKEN) => `【静水】请走访王**${code}：24小时用水0升 ${baseUrl}/v/${token}`;

function phonesWith(options: Partial<PhonesOptions> = {}) {
  const answered: Answered[] = [];
  const phones = createPhones({
    baseUrl,
    seed: 'phones',
    roleOf: (phone): Role | undefined => ({ [GUARDIAN]: 'guardian' as const, [CONTACT]: 'contact' as const })[phone],
    checkHome: () => ({ outcome: 'safe' }),
    onAnswered: (each) => answered.push(each),
    habits: { guardian: ALWAYS, contact: ALWAYS },
    ...options,
  });
  return { phones, answered };
}

describe('a person whose text carries a code', () => {
  const withCode = (code: string) =>
    `【静水】请走访王**SW-0007：24小时用水0升。打开${new URL(baseUrl).host}/c 输入代码${code}`;

  it('types it with the end of their phone, and answers on the page it leads to', async () => {
    const { phones, answered } = phonesWith();
    receive(CONTACT, withCode('7K3M-9QXT'));
    await phones.tick(minutesLater(60));

    expect(service.requests.map(({ line }) => line)).toEqual(['POST /c', `GET /v/${TOKEN}`, `POST /v/${TOKEN}`]);
    expect(service.requests[0]?.form).toEqual({ code: '7K3M-9QXT', phone: '1001' });
    expect(answered).toMatchObject([{ homeCode: 'SW-0007', outcome: 'safe' }]);
  });

  it('leaves it at that when the code opens nothing any more, or is for another address', async () => {
    const { phones, answered } = phonesWith();
    service.postStatus = 422;
    receive(CONTACT, withCode('7K3M-9QXT'));
    receive(CONTACT, '【静水】请走访王**SW-0007：打开 sw.example/c 输入代码7K3M-9QXT');
    await phones.tick(minutesLater(60));

    expect(service.requests.map(({ line }) => line)).toEqual(['POST /c']);
    expect(answered).toEqual([]);
  });
});

describe('a person who gets a text', () => {
  it('opens the link and answers after a while, not before', async () => {
    const { phones, answered } = phonesWith();
    receive(CONTACT, askAbout('SW-0007'));
    await phones.tick(minutesLater(9));
    expect(service.requests).toEqual([]);

    await phones.tick(minutesLater(30));

    expect(service.requests).toEqual([
      { line: `GET /v/${TOKEN}`, form: {} },
      { line: `POST /v/${TOKEN}`, form: { version: '7', outcome: 'safe', method: 'in_person', note: '' } },
    ]);
    expect(answered).toMatchObject([{ phone: CONTACT, homeCode: 'SW-0007', method: 'in_person', outcome: 'safe' }]);
  });

  it('answers once, at the moment that was announced', async () => {
    const { phones, answered } = phonesWith();
    receive(CONTACT, askAbout('SW-0007'));
    await phones.tick(sentAt);
    const due = phones.nextActionAt() ?? sentAt;

    await phones.tick(new Date(due.getTime() - 1));
    expect(answered).toEqual([]);
    await phones.tick(due);
    await phones.tick(minutesLater(120));

    expect(answered.map(({ at }) => at)).toEqual([due]);
    expect(phones.nextActionAt()).toBeUndefined();
  });

  it('says what is so when they answer, and not when they had meant to', async () => {
    const asked: Date[] = [];
    const { phones, answered } = phonesWith({
      checkHome: (_code, _method, at) => {
        asked.push(at);
        return { outcome: 'safe' };
      },
    });
    receive(CONTACT, askAbout('SW-0007'));

    await phones.tick(minutesLater(300));

    expect(asked).toEqual([minutesLater(300)]);
    expect(answered.map(({ at }) => at)).toEqual([minutesLater(300)]);
  });

  it('tells what was found at the home: a cause, or the last day of an absence', async () => {
    const { phones } = phonesWith({
      checkHome: (homeCode) =>
        homeCode === 'SW-0001'
          ? { outcome: 'false_alarm', cause: 'leak' }
          : { outcome: 'away', awayUntil: '2026-03-09' },
    });
    receive(CONTACT, askAbout('SW-0001'));
    receive(CONTACT, askAbout('SW-0002', OTHER_TOKEN));

    await phones.tick(minutesLater(60));

    const forms = service.requests.map(({ form }) => form).filter(({ outcome }) => outcome);
    expect(forms).toContainEqual({
      version: '7',
      outcome: 'false_alarm',
      cause: 'leak',
      method: 'in_person',
      note: '',
    });
    expect(forms).toContainEqual({
      version: '7',
      outcome: 'away',
      away_until: '2026-03-09',
      method: 'in_person',
      note: '',
    });
  });

  it('says "on my way" first, if that is their habit', async () => {
    const { phones } = phonesWith({ habits: { contact: { ...ALWAYS, claimsFirst: 1 } } });
    receive(CONTACT, askAbout('SW-0007'));

    await phones.tick(minutesLater(60));

    const lines = service.requests.map(({ line }) => line).filter((line) => line.startsWith('POST'));
    expect(lines).toEqual([`POST /v/${TOKEN}/claim`, `POST /v/${TOKEN}`]);
  });

  it('does nothing about a text without a link, without a home, or to a phone of nobody in town', async () => {
    const { phones } = phonesWith();
    receive(CONTACT, '【静水】王**SW-0007已确认平安');
    receive(CONTACT, `hello ${baseUrl}/v/${TOKEN}`);
    receive('+8613300000000', askAbout('SW-0007'));

    await phones.tick(minutesLater(600));

    expect(service.requests).toEqual([]);
  });

  it('never answers, if that is their habit', async () => {
    const { phones } = phonesWith({ habits: { contact: { ...ALWAYS, neverAnswers: 1 } } });
    receive(CONTACT, askAbout('SW-0007'));

    await phones.tick(minutesLater(600));

    expect(service.requests).toEqual([]);
  });
});

describe('a person who comes too late', () => {
  it.each([
    ['the page only tells who answered', { status: 200, html: '<p>Closed by another</p>' }],
    ['the link is over', { status: 410, html: '' }],
    ['the link leads nowhere', { status: 404, html: '' }],
  ])('sends nothing when %s', async (_, page) => {
    const { phones, answered } = phonesWith();
    service.page = page;
    receive(CONTACT, askAbout('SW-0007'));

    await phones.tick(minutesLater(60));

    expect(service.requests.map(({ line }) => line)).toEqual([`GET /v/${TOKEN}`]);
    expect(answered).toEqual([]);
  });

  it('has not answered when somebody was faster between opening and sending', async () => {
    const { phones, answered } = phonesWith();
    service.postStatus = 409;
    receive(CONTACT, askAbout('SW-0007'));

    await phones.tick(minutesLater(60));

    expect(answered).toEqual([]);
    expect(phones.nextActionAt()).toBeUndefined();
  });
});

describe('phones and a service in trouble', () => {
  it('says aloud that the service failed, and answers when it is back', async () => {
    const { phones, answered } = phonesWith();
    receive(CONTACT, askAbout('SW-0007'));
    service.page = { status: 503, html: '' };
    await expect(phones.tick(minutesLater(60))).rejects.toThrow('503');

    service.page = { status: 200, html: FORM };
    await phones.tick(minutesLater(61));

    expect(answered.length).toBe(1);
  });

  it('says aloud that a form was refused', async () => {
    const { phones } = phonesWith();
    service.postStatus = 422;
    receive(CONTACT, askAbout('SW-0007'));

    await expect(phones.tick(minutesLater(60))).rejects.toThrow('422');
  });
});

describe('links', () => {
  it('are only followed to the service itself, and only when whole', () => {
    const base = 'https://sw.example';

    expect(checkLinkIn(`see https://sw.example/v/${TOKEN}`, base)).toBe(`https://sw.example/v/${TOKEN}`);
    expect(checkLinkIn(`see https://sw.example/v/${TOKEN}.`, base)).toBe(`https://sw.example/v/${TOKEN}`);
    expect(checkLinkIn(`see https://sw.example.evil/v/${TOKEN}`, base)).toBeUndefined();
    expect(checkLinkIn(`see http://sw.example/v/${TOKEN}`, base)).toBeUndefined();
    expect(checkLinkIn(`see https://sw.example/v/${TOKEN}x`, base)).toBeUndefined();
    expect(checkLinkIn('see https://sw.example/v/short', base)).toBeUndefined();
  });
});

describe('the people of the town as a whole', () => {
  const askEverybody = () => {
    for (let home = 1; home <= 60; home += 1) {
      const token = home.toString().padStart(22, '0');
      receive(home % 2 ? GUARDIAN : CONTACT, askAbout(`SW-${home.toString().padStart(4, '0')}`, token));
    }
  };
  const answersOf = async (seed: string, stepMinutes: number) => {
    const answered: Answered[] = [];
    const { phones } = phonesWith({ seed, habits: {}, onAnswered: (each) => answered.push(each) });
    for (let minute = 0; minute <= 60; minute += stepMinutes) await phones.tick(minutesLater(minute));
    return answered;
  };

  it('answer the same in the same order for the same seed, however often they look at their phones', async () => {
    askEverybody();
    const withoutTimes = (answered: readonly Answered[]) => answered.map((answer) => ({ ...answer, at: undefined }));

    expect(await answersOf('a', 20)).toEqual(await answersOf('a', 20));
    expect(withoutTimes(await answersOf('a', 60))).toEqual(withoutTimes(await answersOf('a', 5)));
    expect(withoutTimes(await answersOf('a', 60))).not.toEqual(withoutTimes(await answersOf('b', 60)));
  });

  it('mostly answer: guardians by telephone, contacts in person', async () => {
    askEverybody();
    const answered = await answersOf('a', 60);
    const methodsOf = (phone: string) => answered.filter((each) => each.phone === phone).map(({ method }) => method);

    expect(answered.length).toBeGreaterThan(40);
    expect(answered.length).toBeLessThan(60);
    expect(methodsOf(GUARDIAN).filter((method) => method === 'phone').length).toBeGreaterThan(15);
    expect(methodsOf(CONTACT).filter((method) => method === 'in_person').length).toBeGreaterThan(15);
    expect(methodsOf(CONTACT)).not.toContain('phone');
  });
});
