import type { AlertDeps } from '../src/alerts/alert-deps.ts';
import { createLogger } from '../src/core/logger.ts';
import { logSmsGateway } from '../src/notify/channels/log-sms-gateway.ts';
import { dispatchOutbox } from '../src/notify/dispatch-outbox.ts';
import { type Comparison, inTurns } from './measure.ts';

const TEXTS = 300;

/** Texts owed all at once, through a gateway that takes no time, beside the two commits that each one must have. */
export async function benchDispatch({ pool, clock, log }: AlertDeps): Promise<Comparison> {
  const gateway = logSmsGateway({ clock, log: createLogger('silent') });
  await pool.query(
    `insert into person (name, phone) select 'Bench', '+86138' || lpad(n::text, 8, '0') from generate_series(1, ${TEXTS}) n`,
  );
  await pool.query(
    `insert into alert (household_id, state, severity, detector, detector_version, evidence, policy, step, next_step_at, opened_at)
     select id, 'open', 'urgent', 'low-use', 1, '{"detector":"low-use","windowHours":24,"litres":2}', '{"steps":[]}', 0, $1, $1
     from household order by id limit ${TEXTS}`,
    [clock.now()],
  );
  const owe = (round: number) =>
    pool.query(
      `insert into outbox (alert_id, intent, step, person_id, role, requested_at, not_before)
       select alert.id, 'check_request', $2, person.id, 'contact', $1, $1
       from (select id, row_number() over (order by id) n from alert) alert
       join (select id, row_number() over (order by id) n from person) person using (n)`,
      [clock.now(), round],
    );
  await pool.query('create table bare_commit (id bigint)');
  const rates = await inTurns(
    TEXTS,
    async (round) => {
      await owe(round);
      await dispatchOutbox({ pool, clock, log, gateway, publicBaseUrl: 'https://sw.example.org' });
    },
    async () => {
      for (let done = 0; done < TEXTS; done += 8) {
        await Promise.all(Array.from({ length: 8 }, () => twoCommits()));
      }
    },
  );
  return {
    path: `dispatch, ${TEXTS} texts at once`,
    unit: 'texts',
    ours: 'leased, linked, sent, recorded',
    baseline: 'two commits each',
    ...rates,
  };

  async function twoCommits(): Promise<void> {
    await pool.query('insert into bare_commit values (1)');
    await pool.query('insert into bare_commit values (2)');
  }
}
