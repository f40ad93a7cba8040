import { expect, it } from 'vitest';
import { backlog } from '../../../src/db/installation.ts';
import { useDatabase } from '../../support/database.ts';
import { townIn } from '../../support/town.ts';

const database = useDatabase();
const town = townIn(() => database.pool);
const at = new Date('2026-04-01T08:00:00Z');
const earlier = new Date('2026-04-01T07:30:00Z');
const later = new Date('2026-04-01T08:30:00Z');

it('sees what is due first, and nothing that is done or belongs to a home no longer watched', async () => {
  const query = (text: string, values: readonly unknown[]) => database.pool.query(text, [...values]);
  const people = { daughter: { role: 'guardian' as const } };
  const still = await town.home({ code: 'B-1', monitoredFrom: earlier, people });
  const silent = await town.home({ code: 'B-2', monitoredFrom: earlier });
  const left = await town.home({ code: 'B-3', monitoredFrom: new Date('2026-03-01T00:00:00Z') });
  await town.home({ code: 'B-4', monitoredFrom: later });
  await query('update household set monitored_until = $2 where id = $1', [left.id, earlier]);

  const watch = `insert into home_watch (household_id, verdict, judged_at, unwatched_since, next_check_at)
                 values ($1, $2, $3, $4, $3)`;
  await query(watch, [still.id, 'NOT_USED', earlier, null]);
  for (const { id } of [silent, left]) await query(watch, [id, 'CANNOT_TELL', earlier, earlier]);
  const alert = `insert into alert (household_id, state, severity, detector, detector_version, evidence, policy, step,
                                    next_step_at, opened_at)
                 values ($1, 'open', 'urgent', 'low-use', 1, '{}', '{}', 0, $2, $3) returning id`;
  const { rows } = await query(alert, [still.id, earlier, earlier]);
  await query(alert, [silent.id, later, earlier]);
  for (const [state, intent, notBefore] of [
    ['sent', 'check_request', new Date('2026-04-01T07:00:00Z')],
    ['waiting', 'stand_down', earlier],
    ['waiting', 'emergency', later],
  ] as const) {
    const text = `insert into outbox (alert_id, step, person_id, role, intent, state, requested_at, not_before)
                  values ($1, 0, $2, 'guardian', $3, $4, $5, $5)`;
    await query(text, [(rows[0] as { id: number }).id, still.people['daughter']!.id, intent, state, notBefore]);
  }
  for (const replayedAt of [null, earlier]) {
    const message = `insert into quarantined_message (received_at, source, topic, payload, payload_bytes, reason, replayed_at)
                     values ($1, 'mqtt', 'meters/M-1/readings', '', 0, 'not_json', $2)`;
    await query(message, [earlier, replayedAt]);
  }

  expect(await backlog(database.pool, at)).toEqual({
    watchedHomes: 2,
    unwatchedHomes: 1,
    firstTextDueAt: earlier,
    firstStepDueAt: earlier,
    quarantined: 1,
  });
});
