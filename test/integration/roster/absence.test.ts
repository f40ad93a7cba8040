import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { endAbsence } from '../../../src/db/absences.ts';
import { setAbsence } from '../../../src/roster/set-absence.ts';
import { useDatabase } from '../../support/database.ts';
import { townIn } from '../../support/town.ts';

const database = useDatabase();
const town = townIn(() => database.pool);
const monday = new Date('2026-04-06T08:00:00Z');
const wednesday = new Date('2026-04-08T08:00:00Z');
const friday = new Date('2026-04-10T08:00:00Z');
const sunday = new Date('2026-04-12T08:00:00Z');

let householdId = 0;
let homes = 0;
beforeEach(async () => {
  homes += 1;
  ({ id: householdId } = await town.home({ code: `A-${homes}`, monitoredFrom: new Date('2026-03-01T00:00:00Z') }));
});

const declare = (awayFrom: Date, awayUntil: Date, now = monday) =>
  setAbsence(
    { pool: database.pool, clock: handTurnedClock(now) },
    { householdId, awayFrom, awayUntil, source: 'operator' },
  );

async function absences() {
  const { rows } = await database.pool.query(
    `select away_from as "from", away_until as until, ended_at as "endedAt", ended_by as "endedBy"
     from absence where household_id = $1 order by id`,
    [householdId],
  );
  return rows as unknown[];
}

describe('a home known to be empty', () => {
  it('is away from one day until another', async () => {
    await declare(monday, friday);

    expect(await absences()).toEqual([{ from: monday, until: friday, endedAt: null, endedBy: null }]);
  });

  it('comes back on Wednesday when the family says so, not on Friday as they first thought', async () => {
    await declare(monday, friday);
    await declare(monday, wednesday);

    expect(await absences()).toEqual([
      { from: monday, until: friday, endedAt: monday, endedBy: 'person' },
      { from: monday, until: wednesday, endedAt: null, endedBy: null },
    ]);
  });

  it('stays away now though the next journey is planned already', async () => {
    await declare(monday, wednesday);
    await declare(friday, sunday);

    expect(await absences()).toEqual([
      { from: monday, until: wednesday, endedAt: null, endedBy: null },
      { from: friday, until: sunday, endedAt: null, endedBy: null },
    ]);
  });

  it('is away no longer once water runs, and the journey to come still stands', async () => {
    await declare(monday, wednesday);
    await declare(friday, sunday);
    const tuesday = new Date('2026-04-07T08:00:00Z');

    expect(await endAbsence(database.pool, { householdId, at: tuesday, by: 'water' })).toBe(1);
    expect(await endAbsence(database.pool, { householdId, at: tuesday, by: 'water' })).toBe(0);
    expect(await absences()).toEqual([
      { from: monday, until: wednesday, endedAt: tuesday, endedBy: 'water' },
      { from: friday, until: sunday, endedAt: null, endedBy: null },
    ]);
  });

  it.each([
    ['ends before it begins', friday, monday],
    ['is over already', new Date('2026-04-01T00:00:00Z'), new Date('2026-04-05T00:00:00Z')],
    ['has no end in sight', monday, new Date('2027-04-06T08:00:00Z')],
  ])('is not silenced by an absence that %s', async (_, from, until) => {
    await expect(declare(from, until)).rejects.toMatchObject({ code: 'input_invalid' });

    expect(await absences()).toEqual([]);
  });
});
