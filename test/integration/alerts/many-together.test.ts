import { describe, expect, it } from 'vitest';
import { raiseAlerts } from '../../../src/alerts/raise-alert.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../../src/domain/alerting/escalation-policy.ts';
import { alertStories, EVERYBODY, LOW_USE, minute, RUNNING } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';
import type { Home } from '../../support/town.ts';

const database = useDatabase();
const fresh = () => alertStories(database, createLogger('silent'));
type Story = ReturnType<typeof fresh>;

const { steps } = DEFAULT_ESCALATION_POLICY;
const AT_NIGHT = {
  ...DEFAULT_ESCALATION_POLICY,
  name: 'night',
  steps: steps.slice(3).map((step) => ({ ...step, afterMinutes: 0 })),
};
const { daughter, neighbour, substitute, desk } = EVERYBODY;

/** How a timeline goes, without who and when. */
async function storyOf(story: Story, home: Home) {
  return (await story.timelineOf(home)).map(({ type, detail }) => [type, detail['step'] ?? detail['policy']]);
}

const KINDS = [
  { people: EVERYBODY },
  { people: { substitute, desk } },
  { people: {} },
  { people: { daughter, neighbour, desk }, variants: [{ when: {}, policy: AT_NIGHT }] },
];

describe('alerts that are raised together', () => {
  it('are each what they would be alone: the policy of the hour, the steps that find somebody, the timeline', async () => {
    const story = fresh();
    const homes = [];
    for (const { people, variants = [] } of KINDS) {
      const [alone, together] = [await story.home(people), await story.home(people)];
      homes.push({ alone, together });
      await raiseAlerts(story.deps(), [{ ...(await story.find(alone)), variants }]);
    }
    const raises = [];
    for (const [i, { together }] of homes.entries()) {
      raises.push({ ...(await story.find(together)), variants: KINDS[i]?.variants ?? [] });
    }
    expect(await raiseAlerts(story.deps(), raises)).toBe(KINDS.length);

    const of = async (home: Home) => {
      const alert = await story.alertOf(home);
      return {
        alert: { ...alert, id: 0, householdId: 0 },
        story: await storyOf(story, home),
        owed: await story.owedTo(home, 'check_request'),
      };
    };
    for (const { alone, together } of homes) expect(await of(together)).toEqual(await of(alone));
    const together = await Promise.all(homes.map((home) => story.alertOf(home.together)));
    expect(together.map(({ step, policy }) => [step, policy.name])).toEqual([
      [0, 'default'],
      [1, 'default'],
      [3, 'default'],
      [0, 'night'],
    ]);
  });

  it('join the open alert of their home, also one that was opened with them, and are counted once', async () => {
    const story = fresh();
    const [first, second] = [await story.home(), await story.home()];
    await story.raise(first);
    const raises = [
      await story.find(first, RUNNING),
      await story.find(second, RUNNING),
      await story.find(second, LOW_USE),
    ];
    const heard: number[] = [];
    const onOpened = () => heard.push(1);

    expect(await raiseAlerts({ ...story.deps(), onOpened }, raises)).toBe(1);
    expect(await raiseAlerts({ ...story.deps(), onOpened }, raises)).toBe(0);
    expect(heard).toHaveLength(1);
    for (const home of [first, second]) {
      expect(await story.alertOf(home)).toMatchObject({ severity: 'urgent' });
      expect((await storyOf(story, home)).filter(([type]) => type === 'finding_joined')).toHaveLength(1);
    }
  });
});

describe('steps that are taken together', () => {
  it('leave out the alert at which somebody is at work; it is taken next time', async () => {
    const story = fresh();
    const [busy, free] = [await story.home(), await story.home()];
    const { alertId } = await story.raise(busy);
    await story.raise(free);
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query('select from alert where id = $1 for update', [alertId]);

    await story.at(15);
    expect(await story.timelineOf(busy)).not.toContainEqual(expect.objectContaining({ type: 'escalated' }));
    expect(await story.alertOf(free)).toMatchObject({ step: 1, nextStepAt: minute(30) });
    await client.query('rollback');
    client.release();
    await story.at(16);
    expect(await story.alertOf(busy)).toMatchObject({ step: 1 });
  });
});
