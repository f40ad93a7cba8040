import { handTurnedClock } from '../../../../src/core/clock.ts';
import { createLogger } from '../../../../src/core/logger.ts';
import { divideBatches } from '../../../../src/db/judge-notes.ts';
import type { DbPool } from '../../../../src/db/sql.ts';
import { litres as wholeLitres } from '../../../../src/domain/metering/units.ts';
import type { InterpretedMessage } from '../../../../src/ingest/message.ts';
import { createMeterDirectory } from '../../../../src/ingest/meter-directory.ts';
import { rollUpDays } from '../../../../src/ingest/roll-up/roll-up-days.ts';
import { storeBatch } from '../../../../src/ingest/store-batch.ts';
import { townIn } from '../../../support/town.ts';

export interface BookedReading {
  readonly meterId: number;
  readonly at: Date;
  readonly litres: number;
}

/** A day of a home as it stands in the table. */
export interface BookedDay {
  readonly day: string;
  readonly hours: number;
  readonly known: number;
  readonly litres: number;
  readonly estimated: number;
  readonly readings: number;
  readonly signs: string;
}

const DAYS = `
  select local_day::text as day, day_s / 3600.0 as hours, known_s / 3600.0 as known, litres, estimated_l as estimated,
         readings, concat_ws(' ', case when has_gap then 'gap' end, case when has_backflow then 'backflow' end,
                             case when has_new_dial then 'new dial' end) as signs
  from household_day where household_id = $1 order by local_day
`;

/** Homes on real storage whose days are added up: what the ingester, the detector run and the roll-up do to them. */
export function waterBooks(getPool: () => DbPool, now: Date) {
  const clock = handTurnedClock(now);
  const town = townIn(getPool);
  const log = createLogger('silent');
  const rows = async <Row>(text: string, values: unknown[] = []) => (await getPool().query(text, values)).rows as Row[];

  return {
    clock,
    rows,
    home: (code: string, timeZone: string, monitoredFrom: Date) => town.home({ code, timeZone, monitoredFrom }),
    async meter(serial: string, nominalIntervalS = 3_600, capacity: number | null = null): Promise<number> {
      const [row] = await rows<{ id: number }>(
        'insert into meter (serial, nominal_interval_s, register_capacity_l) values ($1, $2, $3) returning id',
        [serial, nominalIntervalS, capacity],
      );
      return row?.id ?? 0;
    },
    async bind(meterId: number, householdId: number, from: Date, until: Date | null): Promise<void> {
      await rows(
        'insert into meter_binding (meter_id, household_id, bound_from, bound_until) values ($1, $2, $3, $4)',
        [meterId, householdId, from, until],
      );
    },
    /** Stores readings as one batch of the ingester. */
    async arrive(readings: readonly BookedReading[]): Promise<void> {
      const serials = new Map(
        (await rows<{ id: number; serial: string }>('select id, serial from meter')).map(({ id, serial }) => [
          id,
          serial,
        ]),
      );
      const messages = readings.map((reading) => messageOf(serials.get(reading.meterId) ?? '', reading, clock.now()));
      const meters = createMeterDirectory(getPool());
      const outcome = await storeBatch({ pool: getPool(), clock, meters }, messages);
      if (outcome.quarantined.length > 0) throw new Error(`not stored: ${outcome.quarantined.join(', ')}`);
    },
    /** The detector run hands its notes on, and the days are added up. Returns how many homes were. */
    async addUp(keptDays = 400): Promise<number> {
      await divideBatches(getPool(), 10_000);
      return rollUpDays({ pool: getPool(), clock, log, keptDays });
    },
    /** Forgets all sums and adds everything up from the readings, as after the migration. */
    async addUpAnew(): Promise<void> {
      await rows('truncate household_day, register_floor');
      await rows(`insert into roll_up_note (subject, ids, changed_from)
                  select 'household', array_agg(id), array_agg(timestamptz '-infinity') from household`);
      await this.addUp();
    },
    async daysOf(homeId: number): Promise<BookedDay[]> {
      const days = await rows<Record<string, unknown>>(DAYS, [homeId]);
      return days.map((day) => ({ ...day, hours: Number(day['hours']), known: Number(day['known']) }) as BookedDay);
    },
    /** Everything that the roll-up keeps. */
    everything: async () => ({
      days: await rows(`select d::text as day from household_day d order by 1`),
      floors: await rows(`select f::text as floor from register_floor f order by 1`),
    }),
  };
}

/** A reading at the end of each interval, from a first one at `start` on. */
export function steadily(
  meterId: number,
  start: Date,
  litresEach: readonly number[],
  startLitres = 1_000,
  everyMs = 3_600_000,
) {
  let litres = startLitres;
  const readings: BookedReading[] = [{ meterId, at: start, litres }];
  litresEach.forEach((volume, i) => {
    litres += volume;
    readings.push({ meterId, at: new Date(start.getTime() + (i + 1) * everyMs), litres });
  });
  return readings;
}

function messageOf(serial: string, { at, litres }: BookedReading, receivedAt: Date): InterpretedMessage {
  const readings = [{ readAtMs: at.getTime(), indexLitres: wholeLitres(litres) }];
  return {
    message: {
      source: 'mqtt',
      topic: `meters/${serial}/readings`,
      payload: Buffer.from(''),
      payloadBytes: 0,
      receivedAt,
    },
    content: { serial, readings, flags: [] },
    rejection: undefined,
  };
}
