import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DbPool } from '../../src/db/sql.ts';
import { median } from '../../src/domain/median.ts';
import type { JudgeAnswer, JudgeRequest } from './judge-process.ts';
import type { Options } from './options.ts';
import { daysArrive, endOfDay, historyArrives, makeTown, noteArrival } from './town.ts';

/** What a town took to be judged. Seconds are of the whole run; rates are homes a second. */
export interface TownFigures {
  readonly homes: number;
  readonly days: number;
  readonly processes: number;
  readonly fullSeconds: number;
  readonly fullHomesPerSecond: number;
  readonly incrementalSeconds: number;
  readonly incrementalHomesPerSecond: number;
  /** Processor time of the judging processes: it means something on a machine that has other work too. */
  readonly incrementalCpuSeconds: number;
  /** The plain 24 h rule for all homes in one statement over the last 25 hours. */
  readonly statementSeconds: number;
  readonly ratio: number;
  readonly quietSeconds: number;
  readonly peakMegabytes: number;
}

/** The plain rule for all homes: the least that must be read of a day. The brin index finds the day without the history. */
const PLAIN_RULE = `
  select meter_id, max(index_l) - min(index_l) as litres, max(read_at) as newest from register_reading
  where read_at > $1::timestamptz - interval '25 hours' and read_at <= $1 group by meter_id
  having max(index_l) - min(index_l) < 6
`;

type Say = (line: string) => void;
const SAID_EVERY_DAYS = 10;

/** Builds a town, judges its history, and then day after day as each arrives for all homes. */
export async function measureTown(
  { pool, url }: { readonly pool: DbPool; readonly url: string },
  { homes, days }: { readonly homes: number; readonly days: number },
  { rounds, processes, fixedRules }: Options,
  say: Say,
): Promise<TownFigures> {
  await makeTown(pool, homes);
  await historyArrives(pool, homes, days, (day) => {
    if (day % SAID_EVERY_DAYS === 0 || day === days) say(`${homes} homes, ${days} days: ${day} days in the tables`);
  });
  say(`${homes} homes, ${days} days: indexed, ${await sizeOf(pool)} on disk`);
  await pool.query('create index bench_read_at on register_reading using brin (read_at) with (pages_per_range = 32)');
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');

  const judges = Array.from({ length: processes }, () => startJudge(url, fixedRules));
  try {
    await noteArrival(pool, 0, days);
    const full = await runAll(judges, endOfDay(days));
    say(
      `${homes} homes, ${days} days: full run ${full.seconds.toFixed(2)} s, ${full.homes} judged, ${full.alertsOpened} alerts`,
    );
    const runs: Awaited<ReturnType<typeof runAll>>[] = [];
    const statements: number[] = [];
    for (let day = days; day < days + rounds; day += 1) {
      await daysArrive(pool, homes, day, day + 1);
      await noteArrival(pool, day, day + 1);
      await pool.query('analyze');
      await pool.query('checkpoint');
      statements.push(await secondsOf(() => pool.query(PLAIN_RULE, [endOfDay(day + 1)])));
      runs.push(await runAll(judges, endOfDay(day + 1)));
      say(
        `${homes} homes, a day: ${runs.at(-1)?.seconds.toFixed(2)} s, ${runs.at(-1)?.homes} judged; the statement ${statements.at(-1)?.toFixed(2)} s`,
      );
    }
    const quiet = await runAll(judges, endOfDay(days + rounds));
    const incrementalSeconds = median(runs.map(({ seconds }) => seconds));
    const statementSeconds = median(statements);
    return {
      homes,
      days,
      processes,
      fullSeconds: full.seconds,
      fullHomesPerSecond: homes / full.seconds,
      incrementalSeconds,
      incrementalHomesPerSecond: homes / incrementalSeconds,
      incrementalCpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
      statementSeconds,
      ratio: incrementalSeconds / statementSeconds,
      quietSeconds: quiet.seconds,
      peakMegabytes: Math.max(full.peakMegabytes, ...runs.map(({ peakMegabytes }) => peakMegabytes)),
    };
  } finally {
    for (const judge of judges) judge.disconnect();
  }
}

function startJudge(url: string, fixedRules: boolean): ChildProcess {
  return fork(fileURLToPath(new URL('judge-process.js', import.meta.url)), [url, ...(fixedRules ? ['fixed'] : [])]);
}

async function sizeOf(pool: DbPool): Promise<string> {
  const { rows } = await pool.query<{ size: string }>(
    `select pg_size_pretty(pg_total_relation_size('register_reading')) as size`,
  );
  return rows[0]?.size ?? '';
}

/** One run of each process at once: it is over when the last one is. */
async function runAll(judges: readonly ChildProcess[], at: Date) {
  const answers = await Promise.all(
    judges.map(async (judge) => {
      const answered = once(judge, 'message');
      const request: JudgeRequest = { at: at.toISOString() };
      judge.send(request);
      return ((await answered) as [JudgeAnswer])[0];
    }),
  );
  return {
    seconds: Math.max(...answers.map(({ seconds }) => seconds)),
    cpuSeconds: answers.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    homes: answers.reduce((sum, { homes }) => sum + homes, 0),
    alertsOpened: answers.reduce((sum, { alertsOpened }) => sum + alertsOpened, 0),
    peakMegabytes: Math.max(...answers.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1_000;
}
