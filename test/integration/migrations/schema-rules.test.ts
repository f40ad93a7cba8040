import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmptyStore, STORE_KINDS } from './stores.ts';

const NOON = '2026-03-02T12:00:00Z';
const LATER = '2026-03-02T18:00:00Z';
const EVENING = '2026-03-02T22:00:00Z';

describe.each(STORE_KINDS)('the schema on $kind', ({ open }) => {
  let store: EmptyStore;
  beforeAll(async () => {
    store = await open();
    await store.migrate('Asia/Shanghai');
  });
  afterAll(() => store.close());

  const id = async (statement: string, values: unknown[] = []) => {
    const { rows } = await store.query(`${statement} returning id`, values);
    return rows[0]?.['id'] as number;
  };
  const home = async (code: string) => {
    const city = await id(`insert into community (code, name, level) values ($1, 'Riverside', 'city')`, [code]);
    return id(
      `insert into household (code, community_id, time_zone, monitored_from) values ($1, $2, 'Asia/Shanghai', $3)`,
      [code, city, NOON],
    );
  };
  const alert = (householdId: number, state = 'open', nextStepAt: string | null = LATER) =>
    id(
      `insert into alert (household_id, state, severity, detector, detector_version, evidence, policy, step,
                          next_step_at, opened_at, closed_at, close_outcome)
       values ($1, $2, 'urgent', 'low-use', 1, '{}', '{}', 0, $3, $4, $5, $6)`,
      [householdId, state, nextStepAt, NOON, ...(state === 'closed' ? [LATER, 'safe'] : [null, null])],
    );

  it('says of every table and view what it is for', async () => {
    const { rows } = await store.query(`
      select relname from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
        and relname <> 'schema_migration' and coalesce(obj_description(oid, 'pg_class'), '') = ''
    `);
    expect(rows).toEqual([]);
  });

  it('lets nobody rewrite the timeline of an alert', async () => {
    const alertId = await alert(await home('timeline'));
    await id(`insert into alert_event (alert_id, at, type) values ($1, $2, 'opened')`, [alertId, NOON]);

    await expect(store.query(`update alert_event set type = 'closed'`)).rejects.toThrow('append-only');
    await expect(store.query('delete from alert_event')).rejects.toThrow('append-only');
    await expect(store.query('truncate alert_event')).rejects.toThrow('append-only');
  });

  it('lets nobody rewrite the audit', async () => {
    await id(`insert into audit_entry (at, actor, action, subject) values ($1, 'import', 'added', 'home 1')`, [NOON]);

    await expect(store.query(`update audit_entry set actor = 'nobody'`)).rejects.toThrow('append-only');
    await expect(store.query('delete from audit_entry')).rejects.toThrow('append-only');
    await expect(store.query('truncate audit_entry')).rejects.toThrow('append-only');
  });

  it('has room for one alert a home until that one is closed', async () => {
    const householdId = await home('one-alert');
    await alert(householdId, 'closed', null);
    await alert(householdId);

    await expect(alert(householdId)).rejects.toThrow('alert_one_open_per_household_idx');
  });

  it('takes no open alert that nobody would ever be asked about', async () => {
    const householdId = await home('next-step');

    await expect(alert(householdId, 'open', null)).rejects.toThrow('violates check constraint');
    await expect(alert(householdId, 'closed', LATER)).rejects.toThrow('violates check constraint');
  });

  it('knows a meter at one home at a time, and at the next one from the moment it was moved', async () => {
    const [first, second] = [await home('meter-first'), await home('meter-second')];
    const meterId = await id(`insert into meter (serial) values ('WM-1')`);
    const bind = (householdId: number, from: string, until: string | null) =>
      id('insert into meter_binding (meter_id, household_id, bound_from, bound_until) values ($1, $2, $3, $4)', [
        meterId,
        householdId,
        from,
        until,
      ]);
    await bind(first, NOON, LATER);

    await expect(bind(second, '2026-03-02T17:59:00Z', EVENING)).rejects.toThrow('exclusion constraint');
    await bind(second, LATER, null);
    await expect(bind(first, EVENING, null)).rejects.toThrow('exclusion constraint');
  });

  it('keeps one register a meter and time, however often it arrives', async () => {
    const arrive = () =>
      store.query(
        `insert into register_reading values (7, $1, 123456, $1) on conflict (meter_id, read_at) do nothing`,
        [NOON],
      );
    await arrive();
    await arrive();

    const { rows } = await store.query('select index_l from register_reading where meter_id = 7');
    expect(rows).toHaveLength(1);
  });

  it('refuses a phone that is not written as the whole world writes it', async () => {
    const person = (phone: string) => id(`insert into person (name, phone) values ('Lin', $1)`, [phone]);
    await person('+8613800000000');

    await expect(person('13800000001')).rejects.toThrow('person_phone_check');
    await expect(person('+8613800000000')).rejects.toThrow('person_phone_key');
  });

  it('asks for the end of an absence that was answered, and for no end otherwise', async () => {
    const alertId = await alert(await home('away'));
    const personId = await id(`insert into person (name, phone) values ('Wu', '+8613800000002')`);
    const answer = (outcome: string, awayUntil: string | null) =>
      id(
        `insert into verification (alert_id, person_id, outcome, method, away_until, answered_at)
         values ($1, $2, $3, 'phone', $4, $5)`,
        [alertId, personId, outcome, awayUntil, NOON],
      );

    await answer('away', EVENING);
    await expect(answer('away', null)).rejects.toThrow('violates check constraint');
    await expect(answer('safe', EVENING)).rejects.toThrow('violates check constraint');
  });
});
