import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAsync, type MqttClient } from 'mqtt';
import { type HandTurnedClock, handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { runDetectors } from '../../src/detectors/run-detectors.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import { decodersFrom } from '../../src/ingest/decoders/decoders.ts';
import { startIngest } from '../../src/ingest/start-ingest.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../src/main/embedded/broker.ts';
import { ticketList } from '../../src/main/commands/tickets.ts';
import { useDatabase } from '../support/database.ts';
import { fixedRules } from '../support/fixed-rules.ts';
import { readingFiles } from '../support/reading-files.ts';
import { type Home, townIn } from '../support/town.ts';
import { untilTaken } from '../support/waterworks.ts';

const database = useDatabase();
const files = readingFiles(() => database.pool);
const START = new Date('2026-03-02T00:00:00Z');
const PEOPLE = { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } } as const;

/** What a meter says at a time: its register in litres, and whether somebody has been at it. */
interface Said {
  readonly at: Date;
  readonly index: number;
  readonly isTampered: boolean;
}

interface Format {
  readonly serial: string;
  readonly topic: string;
  readonly payload: (said: Said) => unknown;
}

const uplink = ({ index, isTampered }: Said, word: string) => ({
  total_l: index,
  ...(isTampered && { alarms: [word] }),
});

/** Every format in which a meter can say that somebody has been at it. rtlamr's counters say nothing of today. */
const FORMATS: Readonly<Record<string, Format>> = {
  native: {
    serial: 'T-1',
    topic: 'meters/T-1/readings',
    payload: ({ at, index, isTampered }) => ({
      readings: [{ at, index_l: index }],
      ...(isTampered && { status: ['tamper'] }),
    }),
  },
  'native with hourly differences': {
    serial: 'T-2',
    topic: 'meters/T-2/readings',
    payload: ({ at, index, isTampered }) => ({
      at: new Date(at.getTime() - HOUR_MS),
      index_l: index - 7,
      deltas_l: [7],
      ...(isTampered && { status: ['tamper'] }),
    }),
  },
  wmbusmeters: {
    serial: '33225544',
    topic: 'wmbusmeters/33225544',
    payload: ({ at, index, isTampered }) => ({
      _: 'telegram',
      media: 'water',
      meter: 'hydrus',
      name: 'kitchen',
      id: '33225544',
      total_m3: index / 1_000,
      status: isTampered ? 'SENSOR_FRAUD' : 'OK',
      timestamp: at,
    }),
  },
  'ChirpStack v4': {
    serial: '0102030405060708',
    topic: 'application/a1/device/0102030405060708/event/up',
    payload: (said) => ({
      time: said.at,
      deviceInfo: { devEui: '0102030405060708', applicationId: 'a1' },
      object: uplink(said, 'magnetic_fraud'),
    }),
  },
  'The Things Stack': {
    serial: 'water-1',
    topic: 'v3/app@tenant/devices/water-1/up',
    payload: (said) => ({
      end_device_ids: { device_id: 'water-1', application_ids: { application_id: 'app' } },
      received_at: said.at,
      uplink_message: { decoded_payload: uplink(said, 'tamper') },
    }),
  },
  'a decoder file': {
    serial: 'B-9',
    topic: 'plant/north/water/B-9',
    payload: ({ at, index, isTampered }) => ({ at, litres: index, bits: isTampered ? 2 ** 31 : 0 }),
  },
};
const MAPPING = {
  name: 'plant',
  topic: 'plant/{sender}/water/{serial}',
  time: { path: 'at', form: 'iso' },
  register: { path: 'litres', unit: 'l' },
  status: [{ path: 'bits', bits: { '31': 'tamper' } }],
} as const;

let broker: EmbeddedBroker;
let headEnd: MqttClient;
beforeAll(async () => {
  broker = await startEmbeddedBroker();
  headEnd = await connectAsync(broker.url);
});
afterAll(async () => {
  await headEnd.endAsync();
  await broker.stop();
});

let homes = 0;

/** A home whose meter has this serial; the clock is its own. */
async function homeWith(serial: string): Promise<{ home: Home; clock: HandTurnedClock }> {
  homes += 1;
  const home = await townIn(() => database.pool).home({ code: `TA-${homes}`, monitoredFrom: START, people: PEOPLE });
  await database.pool.query('update meter set serial = $2 where id = $1', [home.meterId, serial]);
  return { home, clock: handTurnedClock(START) };
}

async function ticketsOf(home: Home) {
  const { rows } = await database.pool.query<{ kind: string; closed: boolean }>(
    'select kind, closed_at is not null as closed from ticket where household_id = $1 order by id',
    [home.id],
  );
  return rows.map(({ kind, closed }) => `${kind} ${closed ? 'closed' : 'open'}`);
}

const after = (hours: number) => new Date(START.getTime() + hours * HOUR_MS);
const judge = (clock: HandTurnedClock) =>
  runDetectors({ pool: database.pool, clock, log: createLogger('error'), policies: fixedRules() });

async function expectNobodyTexted(home: Home): Promise<void> {
  const people = Object.values(home.people).map(({ id }) => id);
  const { rows } = await database.pool.query('select intent from outbox where person_id = any ($1)', [people]);
  expect(rows).toEqual([]);
}

describe.each(Object.entries(FORMATS))('a meter that says in %s that somebody has been at it', (_, format) => {
  it('has one ticket, which people can list, is closed 14 days after it last said so, and texts nobody', async () => {
    const { home, clock } = await homeWith(format.serial);
    const ingest = await startIngest({
      pool: database.pool,
      clock,
      log: createLogger('silent'),
      mqtt: { url: broker.url, clientId: `tampering-${home.code}` },
      decoders: decodersFrom({ mappings: [MAPPING] }),
    });
    let messages = 0;
    const says = async (hour: number, isTampered: boolean) => {
      clock.advanceTo(after(hour));
      const payload = format.payload({ at: clock.now(), index: 10_000 + hour * 7, isTampered });
      await headEnd.publishAsync(format.topic, JSON.stringify(payload), { qos: 1 });
      messages += 1;
      await untilTaken(ingest, messages);
      await judge(clock);
    };
    try {
      await says(1, false);
      expect(await ticketsOf(home)).toEqual([]);
      for (const hour of [2, 3, 12]) await says(hour, true);
      expect(await ticketsOf(home)).toEqual(['tamper open']);
      expect(await listed(home)).toMatch(
        /tamper +TA-\d+ .* open \d+ h +The meter says that somebody has tampered with it/,
      );
      for (let day = 1; day <= 13; day += 1) await says(day * 24, false);
      expect(await ticketsOf(home)).toEqual(['tamper open']);
      for (let day = 14; day <= 15; day += 1) await says(day * 24, false);
      expect(await ticketsOf(home)).toEqual(['tamper closed']);
      await expectNobodyTexted(home);
    } finally {
      await ingest.stop();
    }
  });
});

it('that comes days late becomes a ticket as well, from a file', async () => {
  const { home, clock } = await homeWith('F-1');
  const line = (hour: number, status: string) => `F-1,${after(hour).toISOString()},${10_000 + hour * 7},${status}`;
  const take = async (hour: number, ...lines: string[]) => {
    clock.advanceTo(after(hour));
    const file = files.write(`tampering-${hour}.csv`, ['meter,at,index_l,status', ...lines, ''].join('\n'));
    expect((await files.run({ files: [file] })).complained).toBe('');
    await judge(clock);
  };
  await take(24, line(1, ''), line(2, ''));
  // Three days late, and in later readings it is gone.
  await take(3 * 24 + 12, line(12, 'tamper'), line(13, ''), line(80, ''));
  expect(await ticketsOf(home)).toEqual(['tamper open']);
  await take(16 * 24, line(16 * 24 - 1, ''));
  expect(await ticketsOf(home)).toEqual(['tamper closed']);
  await expectNobodyTexted(home);
});

/** How `stillwater tickets` tells of a home. */
async function listed(home: Home): Promise<string> {
  const lines: string[] = [];
  const deps = { pool: database.pool, clock: handTurnedClock(after(13)), actor: 'li' };
  await ticketList({ ...deps, print: (line) => void lines.push(line) }, { home: home.code, limit: 9 });
  return lines[1] ?? '';
}
