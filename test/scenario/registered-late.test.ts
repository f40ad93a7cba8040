import { expect, it } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { BUILT_IN_DECODERS } from '../../src/ingest/decoders/decoders.ts';
import { interpret } from '../../src/ingest/interpret.ts';
import { createMeterDirectory } from '../../src/ingest/meter-directory.ts';
import { storeBatch } from '../../src/ingest/store-batch.ts';
import { tendQuarantine } from '../../src/main/tend-quarantine.ts';
import { bindMeter } from '../../src/roster/bind-meter.ts';
import { registerMeter } from '../../src/roster/register-meter.ts';
import { unbindMeter } from '../../src/roster/unbind-meter.ts';
import { useDatabase } from '../support/database.ts';
import { each, neighbourhood } from '../support/neighbourhood.ts';

const database = useDatabase();
const MONDAY = new Date('2026-03-02T00:00:00Z');
const SERIAL = 'M-from-the-depot';

it('knows the days before a meter was registered, wakes nobody for them, and watches from then on', async () => {
  const street = neighbourhood(database, MONDAY);
  const { pool } = database;
  const home = await street.home({
    code: 'SW-0031',
    people: { daughter: { role: 'guardian' }, neighbour: { role: 'contact' }, desk: { role: 'desk' } },
  });
  const clerk = { pool, clock: street.clock, actor: 'a clerk' };
  await unbindMeter(clerk, { serial: home.serial, at: MONDAY });

  const meters = createMeterDirectory(pool);
  let index = 4_000;
  const sendsEachHour = async (...litresByHour: number[]) => {
    for (const volume of litresByHour) {
      await street.minutes(60);
      const at = street.clock.now();
      const payload = Buffer.from(JSON.stringify({ at: at.toISOString(), index_l: (index += volume) }));
      const topic = `meters/${SERIAL}/readings`;
      const message = { source: 'mqtt', topic, payload, payloadBytes: payload.byteLength, receivedAt: at } as const;
      await storeBatch({ pool, clock: street.clock, meters }, [interpret(message, BUILT_IN_DECODERS)]);
    }
  };
  const count = async (table: 'register_reading' | 'finding', condition: string) =>
    (await pool.query(`select 1 from ${table} where ${condition}`)).rows.length;

  await sendsEachHour(...each(24, 9), ...each(30, 0), ...each(18, 9));
  expect(await count('register_reading', `index_l >= 4000 and index_l < 10000`)).toBe(0);

  await registerMeter(clerk, { serial: SERIAL, nominalIntervalS: undefined, registerCapacityL: undefined });
  await bindMeter(clerk, { serial: SERIAL, household: home.code, from: MONDAY });
  await tendQuarantine({ pool, clock: street.clock, log: createLogger('error') });
  await street.minutes(5);
  expect(await count('register_reading', `index_l >= 4000 and index_l < 10000`)).toBe(72);
  expect(await count('finding', `household_id = ${home.id} and detector = 'inactivity' and ended_at is not null`)).toBe(
    1,
  );
  await street.endsInSilence();
  expect(await street.alertOf(home)).toBeUndefined();

  await sendsEachHour(...each(24, 0));
  await street.minutes(5);
  street.expectTexts('daughter', 'neighbour');
});
