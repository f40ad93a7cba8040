import { beforeEach, describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { leaveEnd, leaveList, leaveSet, type LeaveToSet } from '../../../src/main/commands/leave.ts';
import { readDuty } from '../../../src/main/commands/read-duty.ts';
import { rotaList } from '../../../src/main/commands/rota.ts';
import { useDatabase } from '../../support/database.ts';
import { emptyRoster, importTexts, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();
const NOW = new Date('2026-04-30T00:00:00Z');
const [DAUGHTER, SON, NEIGHBOUR, DESK] = [1, 2, 3, 4].map((n) => `+861380000000${n}`) as [
  string,
  string,
  string,
  string,
];
const day = (date: string) => new Date(`2026-05-${date}T00:00:00Z`);

async function printed(
  work: (deps: Parameters<typeof rotaList>[0]) => Promise<void>,
  at: Date = NOW,
): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await work({ pool: database.pool, clock: handTurnedClock(at), actor: 'li', print, timeZone: 'Asia/Shanghai' });
  return lines;
}
const set = (phone: string, from: string, until: string, substitute?: string) => {
  const leave: LeaveToSet = { phone, from: day(from), until: day(until), substitute };
  return printed((deps) => leaveSet(deps, leave));
};
const leave = async () => {
  const { rows } = await database.pool.query<{ phone: string; days: string; substitute: string | null }>(
    `select person.phone, to_char(away_from, 'DD') || '-' || to_char(away_until, 'DD') as days, standin.phone as substitute
     from leave join person on person.id = person_id left join person standin on standin.id = substitute_id
     order by away_from`,
  );
  return rows.map(({ phone, days, substitute }) => `${phone.at(-1)} ${days} ${substitute?.at(-1) ?? 'nobody'}`);
};

beforeEach(async () => {
  await emptyRoster(database.pool);
  await importTexts(database.pool, { ...TOWN_FILES, households: TOWN_FILES.households.replace(/WL-003.*\r\n/, '') });
});

describe('stillwater leave', () => {
  it('says who is away until when and who stands in, that they are back, and leaves its lines in the audit', async () => {
    expect(await printed((deps) => leaveList(deps, {}))).toEqual(['nobody is on leave']);
    const [said] = await set(NEIGHBOUR, '01', '06', DAUGHTER);
    expect(said).toMatch(
      /^.+, who answers for 2 home\(s\) and 1 community\(ies\), is away from 2026-05-01T.+; .+ stands in$/,
    );
    expect(await printed((deps) => leaveList(deps, {}))).toEqual([
      expect.stringMatching(/^who +phone +from +until +substitute +their phone$/),
      expect.stringMatching(
        /\+8613800000003 +2026-05-01T00:00:00.000Z +2026-05-06T00:00:00.000Z +\S+ +\+8613800000001$/,
      ),
    ]);
    const back = await printed((deps) => leaveEnd(deps, NEIGHBOUR), day('03'));
    expect(back).toEqual([expect.stringMatching(/ is back, and is asked again from now on$/)]);
    expect(await leave()).toEqual(['3 01-03 1']);
    expect(await printed((deps) => leaveList(deps, {}), day('04'))).toEqual(['nobody is on leave']);
    expect(await printed((deps) => leaveList(deps, { all: true }), day('04'))).toHaveLength(2);
    const { rows } = await database.pool.query(`select actor, action from audit_entry where action like 'leave.%'`);
    expect(rows).toEqual(['leave.set', 'leave.ended'].map((action) => ({ actor: 'li', action })));
  });

  it('takes the latest word, and leaves what was known of the days before and after', async () => {
    await set(NEIGHBOUR, '02', '12', DAUGHTER);
    await set(NEIGHBOUR, '05', '08', SON);
    expect(await leave()).toEqual(['3 02-05 1', '3 05-08 2', '3 08-12 1']);
    await set(NEIGHBOUR, '04', '12');
    expect(await leave()).toEqual(['3 02-04 1', '3 04-12 nobody']);
    await printed((deps) => leaveEnd(deps, NEIGHBOUR));
    expect(await leave()).toEqual([]);
  });

  it('names the homes that will have nobody to ask', async () => {
    for (const phone of [DAUGHTER, SON]) expect(await set(phone, '01', '06')).toHaveLength(1);
    const [said, gap] = await set(NEIGHBOUR, '03', '04');
    expect(said).toContain('nobody stands in: they are passed over');
    expect(gap).toContain('2 households with all of their own people on leave at once');
  });

  it('refuses strangers, times that make no leave, and people who stand in for themselves', async () => {
    const stranger = '+8613900000009';
    await expect(set(stranger, '01', '06')).rejects.toThrow(`nobody on the roster has the phone ${stranger}`);
    await expect(set(DESK, '01', '06', stranger)).rejects.toThrow('nobody on the roster');
    await expect(set(DESK, '06', '06')).rejects.toThrow('they must be back later than they leave');
    await expect(set(DESK, '01', '06', DESK)).rejects.toThrow('nobody stands in for themselves');
    const long: LeaveToSet = { phone: DESK, from: NOW, until: new Date('2028-01-01'), substitute: undefined };
    await expect(printed((deps) => leaveSet(deps, long))).rejects.toThrow('366 days at most');
    const over: LeaveToSet = { phone: DESK, from: new Date(0), until: new Date(1), substitute: undefined };
    await expect(printed((deps) => leaveSet(deps, over))).rejects.toThrow('over already');
    await expect(printed((deps) => leaveEnd(deps, DESK))).rejects.toThrow('has no leave now or to come');
    expect(await leave()).toEqual([]);
  });

  it('reads phones and days as the roster files have them', () => {
    const read = readDuty({ PHONE_COUNTRIES: 'CN', TIME_ZONE: 'Asia/Shanghai' });
    expect(read.phone('138-0000-0003')).toBe(NEIGHBOUR);
    expect(read.moment('2026-05-01')).toEqual(new Date('2026-04-30T16:00:00Z'));
    expect(() => read.phone('12345')).toThrow('phone "12345": expected a mobile number of CN');
    expect(() => read.moment('tomorrow')).toThrow('time "tomorrow": expected a day such as 2026-03-01');
  });
});

describe('stillwater rota', () => {
  it('lists the shifts of a desk, its holidays behind them, and the slots that nobody fills', async () => {
    expect(await printed((deps) => rotaList(deps, {}))).toEqual([
      'no duty desk has a rota: the people of staff.csv answer',
    ]);
    const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map(
      (weekday) => `river-city,${weekday},20:00,20:00,13800000004`,
    );
    const rota = ['community,day,from,until,phone', ...week, 'river-city,2026-05-01,08:00,24:00,13800000001', ''];
    await importTexts(database.pool, { rota: rota.join('\n') });
    const lines = await printed((deps) => rotaList(deps, { community: 'river-city' }));
    expect(lines).toHaveLength(10);
    expect(lines[1]).toMatch(/^river-city +mon +20:00 +20:00 +\S+ +\+8613800000004$/);
    expect(lines[8]).toMatch(/^river-city +2026-05-01 +08:00 +24:00 +\S+ +\+8613800000001$/);
    expect(lines[9]).toBe(
      '! nobody is on duty at river-city from 2026-05-02 00:00 until 2026-05-02 20:00: the people of staff.csv answer',
    );
    expect((await printed((deps) => rotaList(deps, {}), day('03'))).at(-1)).toBe(
      'every slot of the coming week is filled',
    );
    const [json] = await printed((deps) => rotaList(deps, { json: true }));
    expect(JSON.parse(json!)).toMatchObject({ shifts: { length: 8 }, gaps: [{ community: 'river-city' }] });
  });

  it('says of a place without a rota who answers there', async () => {
    const asked = printed((deps) => rotaList(deps, { community: 'willow-lane' }));
    await expect(asked).rejects.toThrow('willow-lane has no rota: the people of staff.csv answer');
  });
});
