import { beforeAll, describe, expect, it } from 'vitest';
import { claimAlert } from '../../../src/alerts/claim-alert.ts';
import { recordAuditEntry } from '../../../src/db/audit-entries.ts';
import { countHouseholds, dropEverything, latestAuditEntry } from '../../../src/db/demo.ts';
import {
  alertOutcomes,
  countSentTexts,
  householdIdsByCode,
  readingCounts,
  ticketOutcomes,
} from '../../../src/db/town-outcomes.ts';
import { scoreTown } from '../../../src/main/demo/score-town.ts';
import { showTimeline } from '../../../src/main/demo/show-timeline.ts';
import { createTown, type Town } from '../../../simulator/town/town.ts';
import { alertStories, LOW_USE, minute, RUNNING, START } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';
import type { Home } from '../../support/town.ts';

const database = useDatabase();
let seen: Home;
let open: Home;

beforeAll(async () => {
  const story = alertStories(database);
  seen = await story.home();
  open = await story.home();
  const { alertId } = await story.raise(seen, RUNNING);
  await story.raise(seen, LOW_USE);
  await claimAlert(story.deps(), { alertId, personId: story.idOf(seen, 'neighbour') });
  await database.pool.query(`update outbox set state = 'sent'`);
  story.clock.advanceTo(minute(20));
  await story.answer(seen, 'neighbour', 'false_alarm', { cause: 'cleaning' });
  await database.pool.query(`update outbox set state = 'sent' where intent = 'stand_down' and person_id = $1`, [
    story.idOf(seen, 'neighbour'),
  ]);
  await story.raise(open);
  await database.pool.query(`insert into register_reading values ($1, $2, 100, $2), ($1, $3, 101, $3)`, [
    seen.meterId,
    START,
    minute(60),
  ]);
  await database.pool.query('insert into reading_conflict values ($1, $2, 90, $2)', [seen.meterId, START]);
  await database.pool.query(
    `insert into ticket (meter_id, household_id, kind, opened_at, evidence, closed_at)
     values ($1, $2, 'meter_silent', $4, '{}', $5), ($3, null, 'meter_silent', $4, '{}', null)`,
    [seen.meterId, seen.id, open.meterId, START, minute(9)],
  );
});

describe('what became of a town', () => {
  it('is told alert by alert: what was found, who was texted, who answered, who was told that it is over', async () => {
    expect(await alertOutcomes(database.pool)).toEqual([
      expect.objectContaining({
        homeCode: seen.code,
        detectors: ['low-use', 'running-water'],
        evidence: LOW_USE,
        openedAt: START,
        state: 'closed',
        closeOutcome: 'false_alarm',
        textsSent: 2,
        answers: 1,
        standDownsOwed: 2,
        standDownsSent: 1,
      }),
      expect.objectContaining({ homeCode: open.code, state: 'open', textsSent: 0, answers: 0, standDownsOwed: 0 }),
    ]);
  });

  it('is told ticket by ticket, also where the meter is at no home', async () => {
    expect(await ticketOutcomes(database.pool)).toEqual([
      { homeCode: seen.code, kind: 'meter_silent', openedAt: START, isOpen: false },
      { homeCode: null, kind: 'meter_silent', openedAt: START, isOpen: true },
    ]);
  });

  it('is counted', async () => {
    expect(await readingCounts(database.pool)).toEqual({ readings: 2, conflicts: 1, quarantined: 0 });
    expect(await countSentTexts(database.pool)).toBe(3);
    expect(await countHouseholds(database.pool)).toBe(2);
    expect([...(await householdIdsByCode(database.pool))].toSorted()).toEqual(
      [
        [seen.code, seen.id],
        [open.code, open.id],
      ].toSorted(),
    );
  });

  it('is scored against what really happened, leaving out what happened too late to be seen', async () => {
    const day = (days: number) => new Date(START.getTime() + days * 86_400_000);
    const incidents = [
      { kind: 'stops', homeCode: 'SW-0001', from: day(1) },
      { kind: 'tap_left_running', homeCode: 'SW-0002', from: day(3), litresPerHour: 300 },
      { kind: 'stops', homeCode: 'SW-0003', from: day(3.1) },
      { kind: 'meter_silent', homeCode: 'SW-0004', from: day(1) },
    ] as const;
    const built = createTown({ seed: 5, homes: 10, startAt: START, incidents });
    const codes = new Map([['SW-0001', seen.code]]);
    const town: Town = {
      ...built,
      truth: () => built.truth().map((each) => ({ ...each, homeCode: codes.get(each.homeCode) ?? each.homeCode })),
    };

    expect(await scoreTown(database.pool, town, 5, 4)).toEqual({
      homes: 10,
      days: 5,
      seconds: 4,
      readings: 2,
      readingsPerSecond: 1,
      incidentsExpectingAlert: 2,
      incidentsAlerted: 1,
      alerts: 2,
      falseAlerts: 1,
      falseAlertsPer100HomesAMonth: 60,
      alertsStillOpen: 1,
      textsSent: 3,
      silentMetersExpected: 1,
      tickets: 2,
    });
  });

  it('is printed line by line, with the figures that tell the story and who did what', async () => {
    const [outcome] = await alertOutcomes(database.pool);
    const lines: string[] = [];
    await showTimeline(database.pool, outcome!, 'Asia/Shanghai', (line) => lines.push(line));

    expect(lines[0]).toBe(`\n${seen.code}: low-use, running-water`);
    expect(lines).toContain('  1 Mar 08:00  opened  (detector running-water, severity warning)');
    expect(lines).toContain('  1 Mar 08:00  asked  daughter  (role guardian, step 0)');
    expect(lines).toContain('  1 Mar 08:00  claimed  neighbour');
    expect(lines).toContain('  1 Mar 08:20  verified  neighbour  (outcome false_alarm, method phone, cause cleaning)');
    expect(lines.at(-1)).toBe('  1 Mar 08:20  closed  (outcome false_alarm, cause cleaning)');
  });
});

describe('the demonstration’s own database', () => {
  it('remembers the last thing that was done, and can be emptied of everything', async () => {
    const record = (action: string, note: number) =>
      recordAuditEntry(database.pool, { at: START, actor: 'demo', action, subject: 'demo', detail: { note } });
    await record('demo.loading', 1);
    await record('demo.loading', 2);
    await record('something.else', 3);

    expect(await latestAuditEntry(database.pool, ['demo.loading', 'demo.loaded'])).toEqual({
      action: 'demo.loading',
      detail: { note: 2 },
    });
    expect(await latestAuditEntry(database.pool, ['never.done'])).toBeUndefined();

    await dropEverything(database.pool);
    const { rows } = await database.pool.query(`select 1 from pg_tables where schemaname in ('public', 'bullmq')`);
    expect(rows).toEqual([]);
  });
});
