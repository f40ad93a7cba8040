import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { brokerKinds, type TestBroker } from '../../support/broker.ts';
import { useDatabase } from '../../support/database.ts';
import { each, START, watchedHomes } from '../../support/watched-homes.ts';
import { ARRIVAL, headEndFor, ingestFor, topicOf, untilTaken } from '../../support/waterworks.ts';

const database = useDatabase();
const street = watchedHomes(database);
const HOUR_MS = 3_600_000;
const NOW_HOUR = (ARRIVAL.getTime() - START.getTime()) / HOUR_MS;
let broker: TestBroker;

beforeAll(async () => {
  broker = await brokerKinds().at(-1)!.start();
});
afterAll(() => broker.stop());
beforeEach(() => {
  street.restart();
});

/** Two days, of which the second was still: readings on the hour, the newest so many hours ago. */
function stillDay(hoursAgo: number) {
  let index = 4_000;
  return [...each(24, 9), ...each(25, 0)].map((volume, hour) => ({
    at: new Date(ARRIVAL.getTime() - (hoursAgo + 48 - hour) * HOUR_MS).toISOString(),
    index_l: (index += volume),
  }));
}

/** A home whose meter left its days with the broker, as the last word of its topic, before anybody listened. */
async function retained(hoursAgo: number) {
  const home = await street.home();
  const meter = await headEndFor(broker.url);
  const payload = JSON.stringify({ readings: stillDay(hoursAgo) });
  await meter.publishAsync(topicOf(home.serial), payload, { qos: 1, retain: true });
  const ingest = await ingestFor(database.pool, broker.url);
  await untilTaken(ingest, 1);
  await street.run(NOW_HOUR);
  const forget = () => meter.publishAsync(topicOf(home.serial), '', { qos: 1, retain: true });
  return { home, forget };
}

it('are history and not news: nobody is woken for a still day of last week that the broker still had', async () => {
  const { home, forget } = await retained(72);
  expect(await street.standingOf(home)).toMatchObject([{ detector: 'low-use', ended: null }]);
  expect(await street.alertsOf(home)).toEqual([]);
  expect(await street.watchOf(home)).toMatchObject({ verdict: 'CANNOT_TELL' });
  await forget();
});

it('are news where they are new: a still day that ends now is told', async () => {
  const { home, forget } = await retained(0);
  expect(await street.alertsOf(home)).toMatchObject([{ detector: 'low-use', state: 'open' }]);
  await forget();
});

it('change nothing when somebody else begins to listen', async () => {
  const { home, forget } = await retained(72);
  const stored = () =>
    street.rows(
      `select read_at, received_at from register_reading
       where meter_id in (select meter_id from meter_binding where household_id = $1) order by 1`,
      home,
    );
  const before = await stored();
  const other = await ingestFor(database.pool, broker.url);
  await untilTaken(other, 1);

  expect(other.stats()).toMatchObject({ readingsStored: 0, repeats: 49, conflicts: 0 });
  expect(await stored()).toEqual(before);
  expect((await database.pool.query('select 1 from ingest_batch')).rows).toEqual([]);
  await forget();
});
