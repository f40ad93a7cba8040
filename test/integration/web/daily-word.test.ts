import { describe, expect, it } from 'vitest';
import { reopenAlert } from '../../../src/alerts/reopen-alert.ts';
import { startDailyWord } from '../../../src/alerts/start-daily-word.ts';
import { oweDailyWords } from '../../../src/detectors/daily-word/owe-daily-words.ts';
import { runDetectors } from '../../../src/detectors/run-detectors.ts';
import { START } from '../../support/check-pages.ts';
import { dailyWords, each, hour, night, NIGHT_INDEX, reading } from '../../support/daily-words.ts';
import { useDatabase } from '../../support/database.ts';
import { hourlyReadings, type Reading, storeForTest } from '../../support/readings.ts';

const database = useDatabase();
const {
  sending,
  deps,
  post,
  pageOf,
  asks,
  dailyTexts,
  advanceTo,
  get,
  openCheck,
  bodies,
  notices,
  words,
  askedFor,
  comes,
} = dailyWords(database);

describe('a guardian who asked for it on the page of an alert', () => {
  it('is told once on the next day when water was used, and nobody else is', async () => {
    const check = await askedFor();
    await comes(check, 23, night());
    expect(bodies()).toEqual([]);

    await comes(check, 23.25, [reading(23.2, 6)]);
    await comes(check, 24.1, [reading(24, 30)]);
    await comes(check, 30, hourlyReadings(hour(24), each(6, 8), NIGHT_INDEX + 30));
    expect(bodies()).toEqual([
      expect.stringMatching(/^【静水】张\*SW-\d+：07:12已用水，停发 https:\/\/sw\.example\.org\/d\/[\w-]{22}$/),
    ]);
    expect(dailyTexts()[0]!.to).toBe(check.home.people['daughter']!.phone);
    expect(
      await database.pool.query('select from audit_entry where action = $1', ['daily_word.started']),
    ).toMatchObject({ rowCount: (await words()).length });
  });

  it('is not told of the day on which they asked, and is told again on each day that follows', async () => {
    const check = await askedFor();
    await comes(check, 12, hourlyReadings(hour(0), each(12, 9)));
    expect(bodies()).toEqual([]);
    const days = hourlyReadings(hour(0), [...each(14, 9), ...each(9, 0), ...each(15, 9), ...each(9, 0), 9]);
    await comes(check, 26, days.slice(0, 27));
    await comes(check, 48.1, days.slice(27, 49));
    expect(bodies()).toHaveLength(2);
  });

  it.each([
    { timeZone: 'Asia/Shanghai', used: '2026-03-28T23:12:00Z' },
    { timeZone: 'Europe/Vienna', used: '2026-03-29T05:12:00Z' },
    { timeZone: 'Europe/Vienna', used: '2026-10-25T06:12:00Z' },
    { timeZone: 'America/St_Johns', used: '2026-03-08T09:42:00Z' },
  ])('is told the time on the clocks at home: $timeZone at $used, also when these are changed', async (day) => {
    const check = await openCheck({ timeZone: day.timeZone });
    await asks(check, 'nephew');
    await check.answer('nephew', 'safe');
    const usedAt = (Date.parse(day.used) - START.getTime()) / 3_600_000;
    const before = hourlyReadings(hour(usedAt - 30.2), [...each(18, 9), ...each(12, 0)], NIGHT_INDEX - 18 * 9);
    await comes(check, usedAt + 0.05, [...before, reading(usedAt, 5)]);

    expect(bodies()).toEqual([expect.stringContaining('water used 07:12. To stop: https://')]);
  });

  it('is told between which hours it was where the meter reads by the hour', async () => {
    const check = await openCheck();
    await asks(check, 'daughter');
    await asks(check, 'nephew');
    await check.answer('daughter', 'safe');
    await comes(check, 24.1, [...night(), reading(24, 7)]);

    expect(bodies().toSorted()).toEqual([
      expect.stringMatching(/^Stillwater: .* water used between 07:00 and 08:00\. To stop: https/),
      expect.stringContaining('：08:00前已用水，停发 https'),
    ]);
  });

  it('has asked once when they ask twice, and nothing is asked by a program that only presses the button', async () => {
    const check = await openCheck();
    expect((await post(pageOf(check, 'daughter', '/daily'))).statusCode).toBe(422);
    expect(await words()).toEqual([]);
    await Promise.all([asks(check), asks(check)]);
    advanceTo(hour(1));
    await asks(check);

    expect(await words()).toEqual([expect.objectContaining({ since: START, stopped_at: null })]);
    expect((await get(pageOf(check, 'daughter'))).body).toContain('不再接收每日短信');
    await check.answer('daughter', 'safe');
    await comes(check, 24.1, [...night(), reading(24, 7)]);
    expect(bodies()).toHaveLength(1);
  });

  it('is the only one who can: a contact is not offered it and cannot ask past the page', async () => {
    const check = await openCheck();
    expect((await get(pageOf(check, 'neighbour'))).body).not.toContain('daily_word');
    expect((await asks(check, 'neighbour')).statusCode).toBe(303);
    const { householdId, personId } = { householdId: check.home.id, personId: check.home.people['neighbour']!.id };
    await startDailyWord(deps(), { householdId, personId });
    expect(await words()).toEqual([]);
  });
});

describe('nothing is told', () => {
  it.each<{ when: string; readings: () => Reading[] }>([
    { when: 'no reading has come since the evening', readings: () => night().slice(0, 16) },
    { when: 'no water was used', readings: () => [...night(), reading(24, 0), reading(25, 0)] },
    {
      when: 'water was used at an unknown time of a long gap',
      readings: () => [...night().slice(0, 16), reading(25, 90)],
    },
    {
      when: 'a gap over the night ends with use: nobody knows that it was people',
      readings: () => [...night().slice(0, 16), reading(24, 90), reading(25, 93)],
    },
    {
      when: 'water ran all night',
      readings: () => hourlyReadings(hour(0), [...each(14, 9), ...each(11, 3)]),
    },
    {
      when: 'only the drip of a leak ran',
      readings: () => hourlyReadings(hour(-30), [...each(55, 1)]),
    },
    {
      when: 'too little is known of the meter to tell people from a drip',
      readings: () => hourlyReadings(hour(10), [...each(4, 1), ...each(9, 0), ...each(2, 1)]),
    },
    { when: 'water ran in the night and not since', readings: () => [...night().slice(0, 19), ...nightWater()] },
  ])('when $when', async ({ readings }) => {
    const check = await askedFor();
    await comes(check, 25.1, readings());
    await comes(check, 27);
    expect(bodies()).toEqual([]);
  });
  /** Three litres between two and three in the morning. */
  const nightWater = () => [reading(18.5, 0), reading(19, 3), ...each(6, 0).map((_, i) => reading(20 + i, 3))];

  it('when it is known more than four hours later', async () => {
    const check = await askedFor();
    await comes(check, 28.1, [...night(), reading(24, 7), ...each(4, 0).map((_, i) => reading(25 + i, 7))]);
    expect(bodies()).toEqual([]);
  });

  it('when the text could not leave for four hours', async () => {
    const check = await askedFor();
    sending.limits = { caps: { perNumberAnHour: 0, perHour: 100, reserve: 0 } };
    await comes(check, 24.1, [...night(), reading(24, 7)]);
    sending.limits = {};
    await comes(check, 28.2);
    expect(bodies()).toEqual([]);
    const { rows } = await database.pool.query(`select state from outbox where intent = 'daily_word'`);
    expect(rows).toEqual([{ state: 'muted' }]);
  });

  it('while an alert of the home is open, or when they are no guardian any more', async () => {
    const check = await askedFor();
    const { alertId, home } = check;
    const neighbour = home.people['neighbour']!.id;
    await reopenAlert(deps(), { alertId, personId: neighbour, outcome: 'could_not_reach', method: 'phone', note: '' });
    await comes(check, 24.1, [...night(), reading(24, 7)]);
    expect(bodies()).toEqual([]);
    await check.answer('daughter', 'safe');
    await database.pool.query('delete from pairing where person_id = $1', [home.people['daughter']!.id]);
    await comes(check, 24.2);
    expect(bodies()).toEqual([]);
  });
});

describe('the hour of the text', () => {
  it('is never before six, and quiet hours hold it for homes of the first tier too', async () => {
    sending.limits = { quietHours: { fromMinute: 22 * 60, untilMinute: 6 * 60 + 30 } };
    const check = await askedFor({ tier: 1 });
    const days = hourlyReadings(hour(0), [...each(14, 9), ...each(9, 0), ...each(15, 9), ...each(7, 0)]);
    const usedAt = { at: hour(45.2), indexLitres: (days.at(-1)?.indexLitres ?? 0) + 6 };
    await comes(check, 45.3, [...days, usedAt]);
    expect(await notices()).toBe(0);
    await comes(check, 46.1);
    expect(await notices()).toBe(1);
    expect(bodies()).toEqual([]);
    await comes(check, 46.5);
    expect(bodies()).toEqual([expect.stringContaining('05:12已用水')]);
  });

  it('leaves room for alerts: somebody with two homes is told of the second an hour later', async () => {
    const first = await askedFor();
    const second = await askedFor();
    await database.pool.query('update pairing set person_id = $1 where person_id = $2', [
      first.home.people['daughter']!.id,
      second.home.people['daughter']!.id,
    ]);
    await database.pool.query('update daily_word set person_id = $1', [first.home.people['daughter']!.id]);
    await storeForTest(database.pool, second.home, [...night(), reading(24, 7)], hour(24));
    await comes(first, 24.1, [...night(), reading(24, 7)]);
    await comes(first, 24.5);
    expect(bodies()).toHaveLength(1);
    await comes(first, 25.2);
    expect(bodies()).toHaveLength(2);
  });
});

describe('the same word', () => {
  it('is owed once by eight processes at once, and again by none of them', async () => {
    const check = await askedFor();
    advanceTo(hour(24.1));
    await storeForTest(database.pool, check.home, [...night(), reading(24, 7)], deps().clock.now());
    await runDetectors(deps());
    const owed = await Promise.all(each(8, 0).map(() => oweDailyWords(deps())));
    expect(owed.reduce((sum, n) => sum + n, 0)).toBe(1);
    advanceTo(hour(25.5));
    expect(await oweDailyWords(deps())).toBe(0);
    const { rows } = await database.pool.query(`select count(*)::int as n from outbox where intent = 'daily_word'`);
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('is owed whole or not at all when a process dies in between', async () => {
    const check = await askedFor();
    await storeForTest(database.pool, check.home, [...night(), reading(24, 7)], hour(24));
    await database.pool.query(`create function fail_once() returns trigger language plpgsql as
      $$ begin if new.intent = 'daily_word' then raise exception 'the power went'; end if; return new; end $$`);
    await database.pool.query(
      'create trigger fail_once before insert on outbox for each row execute function fail_once()',
    );
    await expect(comes(check, 24.1)).rejects.toThrow('the power went');
    await database.pool.query('drop trigger fail_once on outbox; drop function fail_once');
    await comes(check, 24.2);
    await comes(check, 25.4);
    expect(bodies()).toHaveLength(1);
  });
});
