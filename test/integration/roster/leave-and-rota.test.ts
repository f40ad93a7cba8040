import { beforeEach, describe, expect, it } from 'vitest';
import { auditCoverage } from '../../../src/roster/audit-coverage.ts';
import { auditRota } from '../../../src/roster/audit-rota.ts';
import { useDatabase } from '../../support/database.ts';
import { emptyRoster, importTexts, mistakesIn, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();
const at = new Date('2026-04-30T00:00:00Z');
const LEAVE = 'phone,from,back,substitute\n13800000003,2026-05-01,2026-05-06,13800000001\n';
const shifts = (...lines: string[]) => ['community,day,from,until,phone', ...lines, ''].join('\n');
const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const leaves = async () => {
  const { rows } = await database.pool.query('select away_from, away_until from leave order by away_from');
  return rows as { away_from: Date; away_until: Date }[];
};

beforeEach(async () => {
  await emptyRoster(database.pool);
  await importTexts(database.pool, TOWN_FILES);
});

describe('leave.csv', () => {
  it('says who is away from midnight to midnight where the homes are; again it changes nothing', async () => {
    await importTexts(database.pool, { leave: LEAVE });
    const again = await importTexts(database.pool, { leave: LEAVE });
    expect(again).toMatchObject({ ok: true, counts: { leave: { added: 0, removed: 0, unchanged: 1 } } });
    expect(await leaves()).toEqual([
      { away_from: new Date('2026-04-30T16:00:00Z'), away_until: new Date('2026-05-05T16:00:00Z') },
    ]);
  });

  it('has the last word on whoever it names', async () => {
    await importTexts(database.pool, { leave: LEAVE });
    const changed = await importTexts(database.pool, { leave: LEAVE.replace('05-06', '05-09') });
    expect(changed).toMatchObject({ counts: { leave: { added: 1, removed: 1 } } });
    expect(await leaves()).toHaveLength(1);
  });

  it('is refused with strangers, with an end before the beginning, and with people who stand in for themselves', async () => {
    const wrong = [
      'phone,from,back,substitute',
      '13800000009,2026-05-01,2026-05-06,',
      '13800000003,2026-05-06,2026-05-06,13800000003',
      '',
    ].join('\n');
    expect(mistakesIn(await importTexts(database.pool, { leave: wrong }))).toEqual([
      'leave.csv:2: phone: nobody has this phone; people.csv must name them',
      'leave.csv:3: back: they must be back later than they leave',
      'leave.csv:3: substitute: nobody stands in for themselves',
    ]);
    expect(await leaves()).toEqual([]);
  });
});

describe('rota.csv', () => {
  it('is refused with a day or a time that is none', async () => {
    const wrong = shifts('river-city,monday,08:00,20:00,13800000004', 'river-city,mon,8:00,25:00,13800000004');
    expect(mistakesIn(await importTexts(database.pool, { rota: wrong }))).toEqual([
      'rota.csv:2: day: expected mon, tue, wed, thu, fri, sat, sun or a day such as 2026-02-17',
      'rota.csv:3: from: expected a time such as 08:30',
      'rota.csv:3: until: expected a time such as 08:30',
    ]);
  });

  it('with a slot that nobody fills is told of a week ahead, also where a date takes the place of its weekday', async () => {
    const week = EVERY_DAY.flatMap((day) => [
      `river-city,${day},08:00,20:00,13800000004`,
      `river-city,${day},20:00,08:00,13800000003`,
    ]);
    await importTexts(database.pool, { rota: shifts(...week) });
    expect(await auditRota(database.pool, at, 'Asia/Shanghai')).toEqual([]);

    const holiday = 'river-city,2026-05-01,08:00,18:00,13800000001';
    await importTexts(database.pool, { rota: shifts(...week, holiday) });
    expect(await auditRota(database.pool, at, 'Asia/Shanghai')).toMatchObject([
      { community: 'river-city', from: '2026-05-01 18:00', until: '2026-05-02 08:00' },
    ]);
  });
});

it('tells a week ahead of a home whose people are all away with nobody to stand in', async () => {
  const gaps = async () => (await auditCoverage(database.pool, at)).filter(({ gap }) => gap === 'all_away');
  const away = (substitute: string) =>
    ['phone,from,back,substitute', '13800000001', '13800000002', '13800000003']
      .map((phone, i) => (i === 0 ? phone : `${phone},2026-05-03,2026-05-06,${substitute}`))
      .join('\n');
  await importTexts(database.pool, { leave: away('13800000004') });
  expect(await gaps()).toEqual([]);
  await importTexts(database.pool, { leave: away('') });
  expect(await gaps()).toEqual([{ gap: 'all_away', homes: 2, codes: ['WL-001', 'WL-002'] }]);
});

it('tells of no home whose people are on leave one after the other, though each of them is in that week', async () => {
  const gaps = async () => (await auditCoverage(database.pool, at)).filter(({ gap }) => gap === 'all_away');
  const leave = (second: string) =>
    ['phone,from,back,substitute', '13800000003,2026-05-01,2026-05-03,', `13800000001,${second},2026-05-06,`]
      .concat(`13800000002,${second},2026-05-06,`, '')
      .join('\n');
  await importTexts(database.pool, { leave: leave('2026-05-03') });
  expect(await gaps()).toEqual([]);
  await importTexts(database.pool, { leave: leave('2026-05-02') });
  expect(await gaps()).toMatchObject([{ codes: ['WL-001', 'WL-002'] }]);
});
