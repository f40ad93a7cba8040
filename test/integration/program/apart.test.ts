import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasMosquitto, startMosquitto, type TestBroker } from '../../support/broker.ts';
import { useDatabase } from '../../support/database.ts';
import { useInstallation } from '../../support/installation.ts';
import { useRedis } from '../../support/redis.ts';
import { publishStillDay, writeRosterOf } from '../../support/still-home.ts';

const PEOPLE = {
  resident: '张伟',
  guardian: { name: 'Wang Fang', phone: '+8613800000001' },
  contact: { name: '赵强', phone: '+8613800000002' },
};
const ROLES = ['ingest', 'detect', 'notify', 'web'];

const redis = useRedis();

describe.runIf(redis.isPresent && hasMosquitto())('the four parts of the service, each in a process of its own', () => {
  const database = useDatabase();
  const installation = useInstallation({ DETECT_EVERY_S: '0.3', ESCALATE_EVERY_S: '0.3', DISPATCH_EVERY_S: '0.3' });
  const roster = mkdtempSync(join(tmpdir(), 'stillwater-roster-'));
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await startMosquitto();
    writeRosterOf(PEOPLE, roster);
  });
  afterAll(async () => {
    await broker.stop();
    rmSync(roster, { recursive: true });
  });

  it('text the guardian and the contact of a home that has gone still', async () => {
    const settings = {
      DATABASE_URL: database.url.reveal(),
      REDIS_URL: redis.url.reveal(),
      MQTT_URL: broker.url,
      PUBLIC_BASE_URL: 'https://water.example',
    };
    const parts = ROLES.map((role) => installation.start(['serve', '--role', role], settings));
    const healths = await Promise.all(parts.map((part) => part.says(/running: (\w+)\n(?:.*\n)*? +health +(\S+)/)));
    expect(healths.map(([, role]) => role)).toEqual(ROLES);
    for (const [, , url = ''] of healths) expect((await fetch(url)).status).toBe(200);
    expect((await installation.run(['import', roster], settings)).code).toBe(0);

    await publishStillDay(broker.url);
    await vi.waitFor(async () => expect(await textsHandedOver()).toHaveLength(2), { timeout: 60_000, interval: 200 });
    expect(await textsHandedOver()).toEqual([
      { phone: PEOPLE.guardian.phone, intent: 'check_request', detector: 'inactivity', gateway: 'log' },
      { phone: PEOPLE.contact.phone, intent: 'check_request', detector: 'inactivity', gateway: 'log' },
    ]);

    for (const part of parts) part.signal('SIGTERM');
    const endings = await Promise.all(parts.map((part) => part.ended));
    expect(endings).toEqual(ROLES.map(() => ({ code: 0, signal: null })));
    expect(parts.map((part) => part.stderr().match(/^.*"level":[56]0.*$/gm))).toEqual(ROLES.map(() => null));
  });

  /** What the gateway has taken, by recipient. */
  async function textsHandedOver() {
    const { rows } = await database.pool.query(
      `select phone, intent, detector, gateway
       from delivery
       join outbox on outbox.id = outbox_id join person on person.id = person_id join alert on alert.id = alert_id
       where outbox.state = 'sent' order by phone`,
    );
    return rows as unknown[];
  }
});
