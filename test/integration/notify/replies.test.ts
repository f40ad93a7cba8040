import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock, type HandTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { latestReplies } from '../../../src/db/inbound-replies.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { recordReply } from '../../../src/notify/record-reply.ts';
import { alertsIn } from '../../support/alert-fixture.ts';
import { useDatabase } from '../../support/database.ts';
import { scriptedGateway } from '../../support/scripted-gateway.ts';

const database = useDatabase();
const alerts = alertsIn(() => database.pool);
const NINE = new Date('2026-03-02T01:00:00Z');
let clock: HandTurnedClock;
let replies = 0;
beforeEach(() => {
  clock = handTurnedClock(NINE);
});
const deps = () => ({ pool: database.pool, clock, log: createLogger('silent') });
const dispatch = () =>
  dispatchOutbox({ ...deps(), gateway: scriptedGateway(), publicBaseUrl: 'https://sw.example.org' });

/** Somebody was texted about a home. */
async function asked(language: 'zh-CN' | 'en' = 'zh-CN') {
  const alert = await alerts.open(NINE, { neighbour: { role: 'contact', language } });
  await alert.owe('neighbour', 'contact');
  await dispatch();
  const { id, phone } = alert.person('neighbour');
  const reply = (body: string, reference = `reply-${(replies += 1)}`) =>
    recordReply(deps(), { gateway: 'scripted', reference, from: phone, body });
  return { ...alert, personId: id, phone, reply };
}
const stateOf = async (alertId: number) => {
  const text = 'select state, severity, close_outcome as outcome from alert where id = $1';
  return (await database.pool.query<Record<string, unknown>>(text, [alertId])).rows[0];
};
const isOptedOut = async (personId: number) => {
  const text = 'select opted_out_at from person where id = $1';
  return (await database.pool.query<{ opted_out_at: Date | null }>(text, [personId])).rows[0]?.opted_out_at !== null;
};

describe('a reply of one exact word', () => {
  it.each(['1', '安全', ' 安全。 ', '１'])('says that the person is safe: %s', async (word) => {
    const alert = await asked();
    expect(await alert.reply(word)).toBe('answered');
    expect(await stateOf(alert.alertId)).toMatchObject({ state: 'closed', outcome: 'safe' });
  });

  it.each([
    ['zh-CN', '需要帮助'],
    ['en', 'help'],
  ] as const)('calls for help, in %s: %s', async (language, word) => {
    const alert = await asked(language);
    expect(await alert.reply(word)).toBe('answered');
    expect(await stateOf(alert.alertId)).toMatchObject({ severity: 'emergency' });
  });

  it('says that somebody is on the way', async () => {
    const alert = await asked('en');
    expect(await alert.reply('Coming!')).toBe('claimed');
    expect(await stateOf(alert.alertId)).toMatchObject({ state: 'claimed' });
    expect(await alert.timeline()).toContain('replied');
  });

  it('in the language of somebody else means nothing', async () => {
    const alert = await asked('zh-CN');
    expect(await alert.reply('SAFE')).toBe('kept');
    expect(await stateOf(alert.alertId)).toMatchObject({ state: 'open' });
  });

  it('changes nothing the second time it is brought', async () => {
    const alert = await asked('en');
    expect(await alert.reply('3', 'the same')).toBe('claimed');
    expect(await alert.reply('3', 'the same')).toBe('known');
    expect((await alert.timeline()).filter((type) => type === 'replied')).toHaveLength(1);
  });

  it('is left to people when its sender was asked about two homes', async () => {
    const one = await asked();
    const other = await alerts.open(NINE, {});
    await other.oweTo(one.personId, 'contact');
    await dispatch();

    expect(await one.reply('1')).toBe('ambiguous');
    expect(await stateOf(one.alertId)).toMatchObject({ state: 'open' });
    expect(await stateOf(other.alertId)).toMatchObject({ state: 'open' });
    expect(await other.timeline()).toContain('replied');
  });

  it('after all is over is kept', async () => {
    const alert = await asked();
    await alert.close('safe');
    expect(await alert.reply('2')).toBe('kept');
  });

  it('that the alert cannot take is kept and said to be so', async () => {
    const alert = await asked();
    expect(await alert.reply('2')).toBe('answered');
    expect(await alert.reply('3')).toBe('refused');
  });
});

describe('any other reply', () => {
  it.each(['yes in 2 hours', '1 安全', 'not safe', '好的，马上', '', 'constructor'])(
    'is kept whole, shown and not interpreted: %j',
    async (body) => {
      const alert = await asked('en');
      expect(await alert.reply(body)).toBe('kept');
      expect(await stateOf(alert.alertId)).toMatchObject({ state: 'open' });
      expect(await alert.timeline()).toContain('replied');
      const [latest] = await latestReplies(database.pool, { all: false, limit: 1 });
      expect(latest).toMatchObject({ body, meaning: 'none', result: 'kept', phone: alert.phone });
    },
  );

  it('of somebody who is not on the roster is left to the desk', async () => {
    const reply = { gateway: 'scripted', reference: 'stranger', from: '+8613999999999', body: '1' };
    expect(await recordReply(deps(), reply)).toBe('unmatched');
    const [latest] = await latestReplies(database.pool, { all: false, limit: 1 });
    expect(latest).toMatchObject({ personName: null, body: '1', result: 'unmatched' });
  });

  it('says nothing of itself on the timeline but its number and what was done', async () => {
    const alert = await asked();
    await alert.reply('我妈妈在医院，电话13800000000');
    const entry = (await alert.timelineWithDetail()).find(({ type }) => type === 'replied');
    expect(Object.keys(entry?.detail ?? {}).toSorted()).toEqual(['meaning', 'replyId', 'result']);
  });

  it('leaves neither phone nor words in the log', async () => {
    const alert = await asked();
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
    const words = '王芳的电话是13811112222';
    await recordReply({ ...deps(), log }, { gateway: 'scripted', reference: 'canary', from: alert.phone, body: words });

    expect(lines).not.toHaveLength(0);
    for (const secret of [alert.phone, alert.phone.slice(-8), '王芳', '13811112222']) {
      expect(lines.join()).not.toContain(secret);
    }
  });

  it('is never changed or deleted', async () => {
    const alert = await asked();
    await alert.reply('好的');
    await expect(database.pool.query('delete from inbound_reply')).rejects.toThrow('append-only');
    await expect(database.pool.query(`update inbound_reply set body = 'x'`)).rejects.toThrow('append-only');
  });
});

describe('somebody who wants no texts', () => {
  it.each(['STOP', 'stop', '退订', 'TD'])('gets none any more: %s; the next person is asked', async (word) => {
    const alert = await asked();
    expect(await alert.reply(word)).toBe('opted_out');
    expect(await isOptedOut(alert.personId)).toBe(true);
    await alert.owe('neighbour', 'contact', 'check_request', 1);
    expect(await dispatch()).toMatchObject({ failed: 1, sent: 0 });
  });

  it('gets them again after START', async () => {
    const alert = await asked();
    await alert.reply('STOP');
    expect(await alert.reply('start')).toBe('opted_in');
    expect(await isOptedOut(alert.personId)).toBe(false);
    await alert.owe('neighbour', 'contact', 'check_request', 1);
    expect(await dispatch()).toMatchObject({ sent: 1 });
  });
});
