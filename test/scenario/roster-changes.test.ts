import { expect, it } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { logSmsGateway } from '../../src/notify/channels/log-sms-gateway.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../src/domain/alerting/escalation-policy.ts';
import { alertStories, LOW_USE } from '../support/alert-stories.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const log = createLogger('silent');

function street() {
  const story = alertStories(database, log);
  const gateway = logSmsGateway({ clock: story.clock, log });
  let seen = 0;
  return {
    ...story,
    /** The phones that were texted since the last look. */
    async texted(): Promise<string[]> {
      await dispatchOutbox({ ...story.deps(), gateway, publicBaseUrl: 'https://sw.example.org' });
      const fresh = gateway.texts().filter(({ n }) => n > seen);
      seen = gateway.texts().at(-1)?.n ?? seen;
      return fresh.map(({ to }) => to).toSorted();
    },
  };
}

it('texts the number that somebody has by then, and nobody who has said stop since they were asked', async () => {
  const told = street();
  const home = await told.home();
  await told.raise(home);
  await database.pool.query(`update person set phone = '+8613999990001' where id = $1`, [told.idOf(home, 'daughter')]);
  await database.pool.query(`update person set opted_out_at = $2 where id = $1`, [
    told.idOf(home, 'neighbour'),
    told.clock.now(),
  ]);
  expect(await told.texted()).toEqual(['+8613999990001']);
  await told.answer(home, 'daughter', 'safe');
  expect(await told.texted()).toEqual(['+8613999990001']);
});

it('asks whoever stands on the roster when the step comes, in the order of the policy that the alert was opened with', async () => {
  const told = street();
  const home = await told.home();
  const policy = { ...DEFAULT_ESCALATION_POLICY };
  await told.raise(home, LOW_USE, policy);
  await told.texted();
  // The son's place is given to the supervisor; the policy in force is edited meanwhile.
  await database.pool.query(`update pairing set person_id = $2 where person_id = $1`, [
    told.idOf(home, 'son'),
    told.idOf(home, 'supervisor'),
  ]);
  await told.raise(home, LOW_USE, { ...policy, name: 'edited', steps: policy.steps.slice(0, 1) });
  await told.at(15);
  const phones = ['substitute', 'supervisor'].map((name) => home.people[name]!.phone).toSorted();
  expect(await told.texted()).toEqual(phones);
  expect(await told.alertOf(home)).toMatchObject({ policy });
});

it('texts somebody once who is named twice in a step', async () => {
  const told = street();
  const home = await told.home({ daughter: { role: 'guardian' }, desk: { role: 'desk' } });
  await database.pool.query(
    `insert into pairing (household_id, person_id, role, position) values ($1, $2, 'contact', 1)`,
    [home.id, told.idOf(home, 'daughter')],
  );
  await told.raise(home);
  expect(await told.texted()).toEqual([home.people['daughter']!.phone]);
});
