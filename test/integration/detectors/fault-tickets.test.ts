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

const at = (hours: number) => afterHours(hours).getTime();

describe('a leak', () => {
  it('becomes a ticket and no alert after two days, ends with its first dry hours, and is the same when it comes back', async () => {
    const home = await street.home();
    const dripping = (hours: number) => [...days(3)].slice(0, hours).map((volume) => volume + 2);
    const lived = [...days(1), ...dripping(60), 0, ...days(4).slice(12), ...dripping(50), ...days(18)];
    const readings = hourlyReadings(START, lived);
    const upTo = (hour: number) => street.arrive(home, readings.slice(0, hour + 1), hour);

    expect(await upTo(68)).toMatchObject({ ticketsOpened: 0 });
    expect(await upTo(74)).toMatchObject({ ticketsOpened: 1, alertsOpened: 0 });
    const figures = { figure: 2, sinceMs: at(24), asOfMs: at(74) };
    expect(await street.rows(TICKETS, home)).toMatchObject([
      { kind: 'leak', opened_at: afterHours(74), closed_at: null, evidence: figures },
    ]);
    await upTo(84);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ closed_at: null, evidence: { sinceMs: at(24) } }]);
    await upTo(85);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ closed_at: afterHours(85) }]);

    expect(await upTo(85 + 84 + 49)).toMatchObject({ ticketsOpened: 0 });
    expect(await street.rows(TICKETS, home)).toMatchObject([
      { opened_at: afterHours(74), closed_at: null, evidence: { reopened: 1 } },
    ]);
    await upTo(85 + 84 + 53);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ closed_at: expect.any(Date) }]);
  });

  it('is not ended by hours that are not known', async () => {
    const home = await street.home();
    const readings = hourlyReadings(START, [...days(1), ...each(60, 6)]);
    await street.arrive(home, readings.slice(0, 60), 60);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ kind: 'leak', closed_at: null }]);
    await street.arrive(home, readings.slice(70), 84);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ kind: 'leak', closed_at: null }]);
  });

  it('that a person has closed stays closed while it runs on, and opens anew when it comes back', async () => {
    const home = await street.home();
    const leaking = each(60, 6);
    const readings = hourlyReadings(START, [...days(1), ...leaking, 0, ...leaking]);
    await street.arrive(home, readings.slice(0, 52), 51);
    const close = "update ticket set closed_at = $2, closed_by = 'li' where household_id = $1";
    await database.pool.query(close, [home.id, afterHours(52)]);
    for (const hour of [60, 70, 84]) await street.arrive(home, readings.slice(0, hour + 1), hour);
    expect(await street.rows(TICKETS, home)).toMatchObject([{ closed_at: afterHours(52) }]);
    await street.arrive(home, readings, 145);
    expect(await street.rows(TICKETS, home)).toMatchObject([{}, { kind: 'leak', closed_at: null }]);
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
