import { beforeEach, expect, it } from 'vitest';
import { noteDrifts } from '../../../src/db/routine-drifts.ts';
import { inTransaction } from '../../../src/db/sql.ts';
import { type TicketDigest, tellOfTickets } from '../../../src/detectors/tell-of-tickets.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { useDatabase } from '../../support/database.ts';
import { hourByHour } from '../../support/hour-by-hour.ts';
import { emptyRoster, importTexts, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();
/** A Monday, six in the morning where the homes are. */
const START = new Date('2026-05-03T22:00:00Z');
const SUPERVISOR = '+8613800000003';
const DESK = '+8613800000004';
const DRIFT = { measure: 'litres', cusum: 6, sinceMs: 0, usual: 90, lately: 30, days: 9 } as const;
const said = (open: number, fresh: number, tampered: number, drifts: number) =>
  `【静水】水表和管道工单待办${open}张，新增${fresh}张，疑被动过${tampered}张；用水习惯有变${drifts}户。请安排查看。`;

/** The installation from START on. */
function town(ticketDigest: TicketDigest) {
  const { clock, deps: shared, hours } = hourByHour(() => database.pool, START);
  const deps = { ...shared, ticketDigest };
  return {
    clock,
    deps,
    hours: (count: number) => hours(count, () => tellOfTickets(deps)),
    opens: (kind: string, household: string) =>
      database.pool.query(
        `insert into ticket (meter_id, household_id, kind, opened_at, evidence)
         select meter_id, household_id, $1, $3, '{}' from meter_binding
         join household on household.id = household_id where code = $2 limit 1`,
        [kind, household, clock.now()],
      ),
    drifts: async (week: string, household: string) => {
      const { rows } = await database.pool.query<{ id: number }>('select id from household where code = $1', [
        household,
      ]);
      await inTransaction(database.pool, (tx) =>
        noteDrifts(tx, week, [{ householdId: rows[0]!.id, drift: DRIFT }], clock.now()),
      );
    },
  };
}

beforeEach(async () => {
  await database.pool.query('truncate ticket, routine_drift, outbox, notice cascade');
  await emptyRoster(database.pool);
  await importTexts(database.pool, TOWN_FILES);
});

it('tells whoever sees to the homes of open tickets in one text by day, once, and again when there are new ones', async () => {
  const { hours, opens } = town('daily');
  await opens('tamper', 'WL-001');
  await opens('battery', 'WL-002');
  // Seven and eight in the morning; then nine.
  expect(await hours(2)).toEqual([]);
  expect(await hours(1)).toEqual([`${SUPERVISOR} ${said(2, 2, 1, 0)}`]);
  await opens('leak', 'WL-001');
  expect(await hours(22)).toEqual([]);
  expect(await hours(2)).toEqual([`${SUPERVISOR} ${said(3, 1, 1, 0)}`]);
  expect(await hours(72)).toEqual([]);
});

it('tells no more than once a week where the policy says so, with the homes whose habits change', async () => {
  const { hours, opens, drifts } = town('weekly');
  expect(await hours(12)).toEqual([]);
  await drifts('2026-05-04', 'WL-001');
  expect(await hours(24)).toEqual([`${SUPERVISOR} ${said(0, 0, 0, 1)}`]);
  await opens('tamper', 'WL-002');
  // From Tuesday evening to Monday morning.
  expect(await hours(5 * 24)).toEqual([]);
  expect(await hours(24)).toEqual([`${SUPERVISOR} ${said(1, 1, 1, 1)}`]);
  await drifts('2026-05-11', 'WL-002');
  await database.pool.query('update ticket set closed_at = now()');
  expect(await hours(7 * 24)).toEqual([`${SUPERVISOR} ${said(0, 0, 0, 1)}`]);
});

it('tells the desk where there is no supervisor, never a guardian or contact, and nobody where no policy asks for it', async () => {
  const silent = town('off');
  await silent.opens('tamper', 'WL-001');
  expect(await silent.hours(48)).toEqual([]);
  await database.pool.query(`delete from community_staff where role = 'supervisor'`);
  expect(await town('daily').hours(12)).toEqual([`${DESK} ${said(1, 1, 1, 0)}`]);
});

it('says the same in English', async () => {
  const { hours, opens } = town('daily');
  await opens('tamper', 'WL-001');
  await database.pool.query(`update person set language = 'en' where phone = $1`, [SUPERVISOR]);
  expect(await hours(12)).toEqual([
    `${SUPERVISOR} Stillwater: tickets for meters and pipes: 1 open, 1 new, 1 for tampering; homes whose habits change: 0. Please see to them.`,
  ]);
});

it('tells once, by however many processes look at the same time', async () => {
  const { clock, deps, hours, opens } = town('daily');
  await opens('battery', 'WL-001');
  clock.advanceTo(new Date(START.getTime() + 4 * HOUR_MS));
  await Promise.all(Array.from({ length: 4 }, () => tellOfTickets(deps)));
  expect(await hours(1)).toHaveLength(1);
});
