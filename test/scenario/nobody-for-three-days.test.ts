import { expect, it } from 'vitest';
import { createLogger } from '../../src/core/logger.ts';
import { logSmsGateway } from '../../src/notify/channels/log-sms-gateway.ts';
import { dispatchOutbox } from '../../src/notify/dispatch-outbox.ts';
import { alertStories, minute } from '../support/alert-stories.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const THREE_DAYS_MIN = 72 * 60;

it('asks everybody and then the desk every quarter of an hour for three days, and tells each once that it is over', async () => {
  const log = createLogger('silent');
  const story = alertStories(database, log);
  const home = await story.home();
  const gateway = logSmsGateway({ clock: story.clock, log });
  const send = () => dispatchOutbox({ ...story.deps(), gateway, publicBaseUrl: 'https://sw.example.org' });
  await story.raise(home);
  await send();
  for (let at = 15; at <= THREE_DAYS_MIN; at += 15) {
    if ((await story.at(at)) > 0) await send();
  }

  const owed = await story.owedTo(home, 'check_request');
  expect(owed.slice(0, 6)).toEqual([
    '0 daughter (guardian)',
    '0 neighbour (contact)',
    '1 son (guardian)',
    '1 substitute (contact)',
    '2 supervisor (supervisor)',
    '3 desk (desk)',
  ]);
  const steps = THREE_DAYS_MIN / 15;
  expect(owed.slice(6)).toEqual(Array.from({ length: steps - 3 }, (_, i) => `${i + 4} desk (desk)`));
  const { rows: gaps } = await database.pool.query(
    `select distinct requested_at - lag(requested_at) over (order by step) = interval '15 minutes' as quarter
     from outbox where role = 'desk' and intent = 'check_request'`,
  );
  expect(gaps).toEqual(expect.arrayContaining([{ quarter: true }]));
  expect(gaps).not.toContainEqual({ quarter: false });
  expect(await story.alertOf(home)).toMatchObject({ state: 'open', nextStepAt: minute(THREE_DAYS_MIN + 15) });

  await story.answer(home, 'desk', 'safe');
  for (const later of [15, 60]) {
    await story.at(THREE_DAYS_MIN + later);
    await send();
  }
  expect((await story.owedTo(home, 'stand_down')).map((line) => line.split(' ')[1]).toSorted()).toEqual(
    Object.keys(home.people).toSorted(),
  );
});
