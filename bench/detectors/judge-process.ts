import { setTimeout } from 'node:timers/promises';
import { handTurnedClock } from '../../src/core/clock.ts';
import { createLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { createPool } from '../../src/db/pool.ts';
import { runDetectors } from '../../src/detectors/run-detectors.ts';
import { tierPolicies } from '../../src/detectors/tier-policy.ts';

/** What the process that measures asks for: one run as of a moment. */
export interface JudgeRequest {
  readonly at: string;
}

/** What a run took. */
export interface JudgeAnswer {
  readonly seconds: number;
  /** Processor time of the judging process; the database's is not in it. */
  readonly cpuSeconds: number;
  readonly homes: number;
  readonly alertsOpened: number;
  /** The most memory that the process ever held, in MB. */
  readonly peakMegabytes: number;
}

const FIXED = { inactivity: 'off' } as const;
/** So long passes between a run that found nothing and the next. */
const PAUSE_MS = 5;
const KILOBYTES_A_MEGABYTE = 1_024;
const MICROSECONDS_A_SECOND = 1e6;

/** A process that judges, as `stillwater serve --roles detect` does: it keeps what it keeps from run to run. */
function main([url = '', rules]: readonly string[]): void {
  const log = createLogger('warn');
  const pool = createPool(new Secret(url), 4, log);
  const policies = rules === 'fixed' ? tierPolicies({ 1: FIXED, 2: FIXED, 3: FIXED }) : tierPolicies();
  process.on('message', ({ at }: JudgeRequest) => {
    void judge(new Date(at)).then((answer) => process.send?.(answer));
  });
  process.on('disconnect', () => void pool.end());

  async function isMoreWaiting(): Promise<boolean> {
    await setTimeout(PAUSE_MS);
    const { rows } = await pool.query<{ waits: boolean }>(
      `select exists (select from ingest_batch) or exists (
         select from judge_note join detector_shard using (shard) where leased_until is null
       ) as waits`,
    );
    return rows[0]?.waits ?? false;
  }

  async function judge(at: Date): Promise<JudgeAnswer> {
    const startedMs = performance.now();
    const before = process.cpuUsage();
    let homes = 0;
    let alertsOpened = 0;
    // As the service does it, which runs again and again: a process that comes while another divides the notes finds none.
    do {
      const run = await runDetectors({ pool, log, clock: handTurnedClock(at), policies });
      homes += run.homes;
      alertsOpened += run.alertsOpened;
    } while (await isMoreWaiting());
    const { user, system } = process.cpuUsage(before);
    return {
      cpuSeconds: (user + system) / MICROSECONDS_A_SECOND,
      seconds: (performance.now() - startedMs) / 1_000,
      homes,
      alertsOpened,
      peakMegabytes: process.resourceUsage().maxRSS / KILOBYTES_A_MEGABYTE,
    };
  }
}

main(process.argv.slice(2));
