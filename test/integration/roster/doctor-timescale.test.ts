import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { checkDatabaseServer } from '../../../src/main/commands/doctor/database.ts';
import { openTimescale, type Timescale } from '../../support/timescale.ts';

let timescale: Timescale;
beforeAll(async () => {
  timescale = await openTimescale();
});
afterAll(() => timescale.close());

async function consult() {
  const checks = await checkDatabaseServer(timescale.pool, systemClock);
  return checks.find(({ name }) => name === 'TimescaleDB');
}

describe('what the doctor makes of TimescaleDB', () => {
  it('finds its jobs in order before any of them has run', async () => {
    expect(await consult()).toMatchObject({ status: 'ok', found: expect.stringMatching(/^2\./) });
  });

  it('names a job whose last run failed', async () => {
    // No background worker runs jobs in this build, so the failure is put where a worker would note it.
    await timescale.run(`
      insert into _timescaledb_internal.bgw_job_stat
      select job_id, '2026-04-01', '2026-04-01', '2026-04-02', '-infinity', false, 1, '1 s', '1 s', 0, 1, 0, 1, 0, 0
      from timescaledb_information.jobs where hypertable_name = 'register_reading' and proc_name = 'policy_retention'
    `);

    expect(await consult()).toMatchObject({
      status: 'warning',
      found: expect.stringMatching(/the last run failed of: Retention Policy \[\d+\]$/),
    });
  });

  it('names a job that nobody has run for long', async () => {
    await timescale.run(`
      update _timescaledb_internal.bgw_job_stat
      set last_run_success = true, last_finish = '2026-04-01', last_successful_finish = '2026-04-01'
    `);

    expect(await consult()).toMatchObject({
      status: 'warning',
      found: expect.stringMatching(/for long nobody has run: Retention Policy \[\d+\]$/),
    });
  });
});
