import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings } from '../../support/readings.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);
const TICKETS = 'select kind, opened_at, closed_at, evidence from ticket where household_id = $1 order by id';
const DAY = [...each(7, 0), ...each(16, 9), 0];
const days = (count: number) => Array.from({ length: count }, () => DAY).flat();

beforeEach(() => street.restart());

describe('a leak', () => {
  it('becomes a ticket and no alert, stays one while it comes and goes, and is closed after 14 dry days', async () => {
    const home = await street.home();
    const lived = [...days(1), ...[...DAY, 0, 0].map((volume) => volume + 2), ...each(22, 3), ...days(18)];
    const readings = hourlyReadings(START, lived);

    expect(await street.arrive(home, readings.slice(0, 51), 50)).toMatchObject({ ticketsOpened: 1, alertsOpened: 0 });
    expect(await street.rows(TICKETS, home)).toMatchObject([
      { kind: 'leak', opened_at: afterHours(50), closed_at: null, evidence: { figure: 2 } },
    ]);
    await street.arrive(home, readings.slice(51, 73), 72);
    for (const hour of [100, 200, 400]) await street.arrive(home, readings.slice(0, hour + 1), hour);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ kind: 'leak', closed_at: null }]);
    await street.arrive(home, readings.slice(0, 441), 440);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ kind: 'leak', closed_at: afterHours(440) }]);
  });
});

describe('what a meter says of itself', () => {
  it('becomes a ticket once, and only what concerns whoever looks after it', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, days(2));
    const flags = `insert into meter_flag values ($1, 'battery', $2, $2), ($1, 'dry', $2, $2)`;
    await database.pool.query(flags, [home.meterId, afterHours(20)]);

    expect(await street.arrive(home, readings.slice(0, 25), 24)).toMatchObject({ ticketsOpened: 1 });
    expect(await street.arrive(home, readings.slice(0, 31), 30)).toMatchObject({ ticketsOpened: 0 });
    expect(await street.rows(TICKETS, home)).toMatchObject([{ kind: 'battery', evidence: { saidByMeter: true } }]);
  });
});
