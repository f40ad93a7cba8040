import type { Clock } from '../../core/clock.ts';
import { type DueDailyWord, dueDailyWords, holdDailyWord } from '../../db/daily-words.ts';
import { groupByHome } from '../../db/group-by-home.ts';
import { type MeterReadings, readMeterSeries } from '../../db/home-series.ts';
import { insertNotice, oweNotice } from '../../db/notices.ts';
import { type DbPool, inTransaction, type Tx } from '../../db/sql.ts';
import { firstWaterSeen, WATER_SEEN_LOOKBACK_MS, type WaterSeen } from '../../domain/habit/water-seen.ts';
import { startOfLocalDay } from '../../domain/local-day.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { wallClockIn } from '../../domain/wall-clock.ts';
import { meterSeries } from '../meter-series.ts';

export interface DailyWordDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
}

/** Water that is used before belongs to the night: somebody who cannot sleep has not got up. */
const DAY_BEGINS = '04:00';
const NOT_BEFORE = '06:00';
/** News that are older are none: the text would say that all was well when nobody knows whether it still is. */
const LATEST_MS = 4 * HOUR_MS;
/** Somebody with many homes is told of one an hour, so that no alert has to wait for room behind these texts. */
const ONE_PERSON_EVERY_MS = HOUR_MS;
const PAGE = 200;

/**
 * Owes each guardian who asked for it the word that water was used today, once a day by the calendar of the home. It is
 * owed when readings prove it and otherwise never: missing readings and days without use say nothing here.
 *
 * Any number of processes may do this at once: one notice a day is all that the database takes. Returns how many it owed.
 */
export async function oweDailyWords(deps: DailyWordDeps): Promise<number> {
  const at = deps.clock.now();
  const search = {
    at,
    usedSince: new Date(at.getTime() - LATEST_MS),
    toldSince: new Date(at.getTime() - ONE_PERSON_EVERY_MS),
    notBefore: NOT_BEFORE,
    limit: PAGE,
  };
  const told = new Set<number>();
  for (let after = 0; ;) {
    const due = await dueDailyWords(deps.pool, { ...search, after });
    const last = due.at(-1);
    if (!last) return told.size;
    await owePage(deps, due, at, told);
    after = last.dailyWordId;
  }
}

async function owePage({ pool }: DailyWordDeps, due: readonly DueDailyWord[], at: Date, told: Set<number>) {
  const since = ({ timeZone, localDay }: DueDailyWord) =>
    new Date(dayBeginsMs(localDay, timeZone) - WATER_SEEN_LOOKBACK_MS);
  const homes = new Map(due.map((word) => [word.householdId, { householdId: word.householdId, since: since(word) }]));
  const meters = groupByHome(await readMeterSeries(pool, [...homes.values()], at));
  for (const word of due) {
    if (told.has(word.personId)) continue;
    const seen = seenToday(word, meters.get(word.householdId) ?? [], at);
    if (seen && (await inTransaction(pool, (tx) => owe(tx, word, seen, at)))) told.add(word.personId);
  }
}

function seenToday(word: DueDailyWord, meters: readonly MeterReadings[], at: Date): WaterSeen | undefined {
  return firstWaterSeen(meters.map(meterSeries), {
    beginsFromMs: dayBeginsMs(word.localDay, word.timeZone),
    endsFromMs: at.getTime() - LATEST_MS,
  });
}

/** Four in the morning by the clocks at home; where these leave it out, four hours after the day began. */
function dayBeginsMs(localDay: string, timeZone: string): number {
  const [first] = wallClockIn(timeZone)(`${localDay} ${DAY_BEGINS}`);
  return first ?? startOfLocalDay(localDay, timeZone).getTime() + 4 * HOUR_MS;
}

/** The word is not stopped meanwhile, and it is the only one of its day; otherwise nothing is owed. */
async function owe(tx: Tx, word: DueDailyWord, { fromMs, toMs }: WaterSeen, at: Date): Promise<boolean> {
  const { dailyWordId, householdId, personId, timeZone, localDay } = word;
  if (!(await holdDailyWord(tx, dailyWordId))) return false;
  const noticeId = await insertNotice(
    tx,
    {
      kind: 'daily_word',
      householdId,
      dailyWord: { id: dailyWordId, localDay },
      overAt: new Date(toMs + LATEST_MS),
      detail: { usedFromMs: fromMs, usedByMs: toMs, timeZone },
    },
    at,
  );
  if (noticeId === undefined) return false;
  await oweNotice(tx, { noticeId, kind: 'daily_word', step: 0, personId, role: 'guardian' }, at);
  return true;
}
