import { describe, expect, it } from 'vitest';
import { auditAlerts } from '../../../src/alerts/audit-alerts.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { serviceFigures } from '../../../src/db/metrics.ts';
import { alertStories, minute } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const fresh = () => alertStories(database, createLogger('silent'));

describe('the auditor', () => {
  it('finds nothing to put right where everything goes its way', async () => {
    const story = fresh();
    const home = await story.home();
    await story.raise(home);
    await story.at(15);
    expect(await auditAlerts(story.deps())).toEqual({ step_lost: 0, step_overdue: 0, lease_expired: 0 });
    await story.answer(home, 'son', 'safe');
  });

  it('brings back a step that would never come', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    await database.pool.query('update alert set next_step_at = $2 where id = $1', [alertId, minute(100_000)]);
    expect(await auditAlerts(story.deps())).toMatchObject({ step_lost: 1 });
    await story.at(1);
    expect(await story.owedTo(home, 'check_request')).toHaveLength(4);
    await story.answer(home, 'son', 'safe');
  });

  it('takes the steps that nobody took, and counts them', async () => {
    const story = fresh();
    const home = await story.home();
    await story.raise(home);
    story.clock.advanceTo(minute(17));
    expect(await auditAlerts(story.deps())).toMatchObject({ step_overdue: 1 });
    expect(await story.owedTo(home, 'check_request')).toHaveLength(4);
    const repairs = (await serviceFigures(database.pool, story.clock.now())).filter(
      ({ measure, kind }) => measure === 'repairs' && kind === 'step_overdue',
    );
    expect(repairs).toMatchObject([{ amount: 1 }]);
    await story.answer(home, 'son', 'safe');
  });

  it('frees a text whose sender is gone', async () => {
    const story = fresh();
    const home = await story.home();
    const { alertId } = await story.raise(home);
    const stuck = `update outbox set state = 'sending', lease_until = $2 where alert_id = $1`;
    await database.pool.query(stuck, [alertId, minute(1)]);
    story.clock.advanceTo(minute(1.5));
    expect(await auditAlerts(story.deps())).toMatchObject({ lease_expired: 0 });
    story.clock.advanceTo(minute(3));
    expect(await auditAlerts(story.deps())).toMatchObject({ lease_expired: 2 });
  });
});
