import { beforeAll, describe, expect, it } from 'vitest';
import { serviceFigures } from '../../../src/db/metrics.ts';
import { openTickets } from '../../../src/db/tickets.ts';
import { checkTickets } from '../../../src/main/commands/doctor/tickets.ts';
import { ticketClose, ticketList, ticketShow } from '../../../src/main/commands/tickets.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings } from '../../support/readings.ts';
import type { Home } from '../../support/town.ts';
import { afterHours, each, START, watchedHomes } from '../../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);

async function printed(work: (deps: Parameters<typeof ticketClose>[0]) => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  await work({ ...street.deps(), actor: 'li', print: (line) => void lines.push(line) });
  return lines;
}

describe('the tickets', () => {
  let leaking: Home;
  beforeAll(async () => {
    leaking = await street.home();
    await street.home();
    await street.arrive(leaking, hourlyReadings(START, [...each(24, 0), ...each(30, 6)]), 54);
  });

  it('are listed with their reason, of one kind or one home alone', async () => {
    const lines = await printed((deps) => ticketList(deps, { limit: 10 }));
    expect(lines).toHaveLength(3);
    const ofLeak = await printed((deps) => ticketList(deps, { limit: 10, kind: 'leak', home: leaking.code }));
    expect(ofLeak[1]).toMatch(
      /^\d+ +leak +\S+ +\S+ +open 0 h +By 3 Mar 14:00, water had not stood still for 30 h, since/,
    );
    const [json] = await printed((deps) => ticketList(deps, { limit: 10, kind: 'leak', json: true }));
    expect(JSON.parse(json!)).toMatchObject({
      tickets: [{ kind: 'leak', home: leaking.code, evidence: { figure: 6 }, reason: { 'zh-CN': expect.any(String) } }],
    });
    await expect(printed((deps) => ticketList(deps, { limit: 10, home: 'NOWHERE' }))).rejects.toThrow('no household');
  });

  it('are counted, and spoken of by the doctor when they lie about for a week', async () => {
    const open = await openTickets(database.pool);
    expect(open.map(({ kind, count }) => ({ kind, count }))).toEqual([
      { kind: 'leak', count: 1 },
      { kind: 'meter_silent', count: 1 },
    ]);
    expect(checkTickets(open, afterHours(60))).toMatchObject({ status: 'ok', found: '1 leak, 1 meter_silent' });
    expect(checkTickets(open, afterHours(300))).toMatchObject({ status: 'warning' });
    const figures = await serviceFigures(database.pool, afterHours(60));
    expect(figures).toContainEqual({ measure: 'tickets_open', kind: 'leak', subkind: null, amount: 1 });
  });

  it('are shown in both languages and closed by name, once', async () => {
    const id = (await street.rows("select id from ticket where kind = 'leak' and household_id = $1", leaking))[0]![
      'id'
    ];
    const shown = await printed((deps) => ticketShow(deps, { id: id as number }));
    expect(shown.join('\n')).toMatch(/原因 +截至3月3日14:00，水自3月2日08:00起30小时没有停过，每小时不少于6升。/);
    const close = (by: string) => printed((deps) => ticketClose(deps, { id: id as number, by, note: 'seal renewed' }));
    await expect(close(' ')).rejects.toThrow('say who closes it');
    expect((await close('li'))[0]).toContain('is closed');
    await expect(close('li')).rejects.toThrow('that is open');
    await expect(printed((deps) => ticketShow(deps, { id: 999 }))).rejects.toThrow('there is no ticket 999');
    expect((await printed((deps) => ticketShow(deps, { id: id as number }))).join('\n')).toContain(
      'by li: seal renewed',
    );
    const { rows } = await database.pool.query("select actor, subject from audit_entry where action = 'ticket.closed'");
    expect(rows).toEqual([{ actor: 'li', subject: `ticket ${String(id)}` }]);
    await street.run(56);
    expect(await printed((deps) => ticketList(deps, { limit: 10, kind: 'leak' }))).toEqual(['no ticket is open']);
  });
});
