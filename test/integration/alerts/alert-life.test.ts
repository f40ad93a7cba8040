import { beforeEach, describe, expect, it } from 'vitest';
import { claimAlert } from '../../../src/alerts/claim-alert.ts';
import { escalateDueAlerts } from '../../../src/alerts/escalate-due-alerts.ts';
import { hastenEscalation } from '../../../src/alerts/hasten-escalation.ts';
import { raiseAlert } from '../../../src/alerts/raise-alert.ts';
import { recordVerification, type Answer } from '../../../src/alerts/record-verification.ts';
import { handTurnedClock, type HandTurnedClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../../src/domain/alerting/escalation-policy.ts';
import type { Evidence } from '../../../src/domain/alerting/finding.ts';
import { useDatabase } from '../../support/database.ts';
import { type Home, townIn } from '../../support/town.ts';
import { keepFinding } from '../../support/keep-finding.ts';

const database = useDatabase();
const town = townIn(() => database.pool);
const START = new Date('2026-03-01T00:00:00Z');
const minute = (minutes: number) => new Date(START.getTime() + minutes * 60_000);

let clock: HandTurnedClock;
let homes = 0;
const deps = () => ({ pool: database.pool, clock, log: createLogger('error') });

const EVERYBODY = {
  daughter: { role: 'guardian' },
  son: { role: 'guardian', position: 2 },
  neighbour: { role: 'contact' },
  substitute: { role: 'contact', position: 2 },
  supervisor: { role: 'supervisor' },
  desk: { role: 'desk' },
} as const;

async function homeWith(people: Parameters<typeof town.home>[0]['people'] = EVERYBODY): Promise<Home> {
  homes += 1;
  return town.home({ code: `A${homes}`, monitoredFrom: START, people });
}

const lowUse: Evidence = {
  detector: 'low-use',
  windowHours: 24,
  floorLitres: 6,
  litres: 0,
  lastUseAtMs: START.getTime(),
  asOfMs: START.getTime(),
};
const running: Evidence = {
  detector: 'running-water',
  hours: 2,
  leastLitresPerHour: 220,
  litres: 450,
  asOfMs: START.getTime(),
};

async function raise(home: Home, evidence: Evidence = lowUse) {
  const { detector } = evidence;
  const episode = { beganAtMs: clock.now().getTime(), endedAtMs: undefined, evidence };
  const finding = { householdId: home.id, detector, detectorVersion: 1, episode };
  const findingId = await keepFinding(database.pool, finding, clock.now());
  return raiseAlert(deps(), {
    findingId,
    householdId: home.id,
    detectorVersion: 1,
    evidence,
    policy: DEFAULT_ESCALATION_POLICY,
  });
}

async function at(minutes: number) {
  clock.advanceTo(minute(minutes));
  await escalateDueAlerts(deps());
}

/** Who was owed a text at each minute, by the name the story calls them. */
async function owed(home: Home, intent: string): Promise<string[]> {
  const { rows } = await database.pool.query(
    `select person_id, extract(epoch from requested_at - $2) / 60 as minute, outbox.intent from outbox
     join alert on alert.id = alert_id where household_id = $1 and intent = $3 order by outbox.id`,
    [home.id, START, intent],
  );
  const nameOf = new Map(Object.entries(home.people).map(([name, { id }]) => [id, name]));
  return (rows as { person_id: number; minute: string }[]).map(
    ({ person_id, minute: when }) => `${Number(when)} ${nameOf.get(person_id) ?? 'stranger'}`,
  );
}

async function alertOf(home: Home) {
  const { rows } = await database.pool.query('select * from alert where household_id = $1 order by id desc limit 1', [
    home.id,
  ]);
  return rows[0] as Record<string, unknown>;
}

async function answer(home: Home, name: string, outcome: Answer['outcome'], more: Partial<Answer> = {}) {
  const alertId = (await alertOf(home))['id'] as number;
  const personId = home.people[name]!.id;
  await recordVerification(deps(), { alertId, personId, outcome, method: 'phone', note: '', ...more });
}

const sendAll = () => database.pool.query(`update outbox set state = 'sent' where state = 'waiting'`);

beforeEach(async () => {
  clock = handTurnedClock(START);
  await database.pool.query(
    `update alert set state = 'closed', closed_at = $1, close_outcome = 'safe', next_step_at = null, claimed_by = null,
     claimed_at = null where state <> 'closed'`,
    [START],
  );
});

describe('an alert that nobody answers', () => {
  it('asks guardian and contact, then their substitutes, then the supervisor, then the desk without end', async () => {
    const home = await homeWith();
    await raise(home);
    for (let minutes = 0; minutes <= 90; minutes += 1) await at(minutes);

    expect(await owed(home, 'check_request')).toEqual([
      '0 daughter',
      '0 neighbour',
      '15 son',
      '15 substitute',
      '30 supervisor',
      '45 desk',
      '60 desk',
      '75 desk',
      '90 desk',
    ]);
  });

  it('passes over steps for which the roster has nobody, and says so', async () => {
    const home = await homeWith({ desk: { role: 'desk' } });
    await raise(home);
    await at(14);
    expect(await owed(home, 'check_request')).toEqual(['0 desk']);
    await at(15);
    expect(await owed(home, 'check_request')).toEqual(['0 desk', '15 desk']);

    const { rows } = await database.pool.query(`select count(*) from alert_event where type = 'nobody_to_ask'`);
    expect(rows).toEqual([{ count: 3 }]);
  });

  it('stays open with a next step though there is nobody at all to ask', async () => {
    const home = await homeWith({});
    await raise(home);
    await at(15);

    expect(await alertOf(home)).toMatchObject({ state: 'open', next_step_at: minute(30) });
  });

  it('asks the next at once when a number can never be reached, but not the desk every second', async () => {
    const home = await homeWith();
    const { alertId } = await raise(home);
    await hastenEscalation(database.pool, { alertId, at: minute(1) });
    await at(1);
    expect(await owed(home, 'check_request')).toContain('1 son');

    for (const minutes of [16, 31]) await at(minutes);
    await hastenEscalation(database.pool, { alertId, at: minute(32) });
    await at(32);
    expect((await owed(home, 'check_request')).filter((line) => line.endsWith('desk'))).toEqual(['31 desk']);
  });
});

describe('a claim', () => {
  it('holds the next step back until it lapses, and is no verification', async () => {
    const home = await homeWith();
    const { alertId } = await raise(home);
    clock.advanceTo(minute(10));
    await claimAlert(deps(), { alertId, personId: home.people['neighbour']!.id });
    await at(39);
    expect(await alertOf(home)).toMatchObject({ state: 'claimed' });
    expect(await owed(home, 'check_request')).toHaveLength(2);

    await at(40);
    expect(await alertOf(home)).toMatchObject({ state: 'open', claimed_by: null });
    expect(await owed(home, 'check_request')).toContain('40 son');
  });

  it('said twice changes nothing, and a closed alert refuses it', async () => {
    const home = await homeWith();
    const { alertId } = await raise(home);
    const claim = { alertId, personId: home.people['neighbour']!.id };
    await claimAlert(deps(), claim);
    const before = await alertOf(home);
    clock.advanceTo(minute(5));
    await claimAlert(deps(), claim);
    expect(await alertOf(home)).toEqual(before);

    await answer(home, 'neighbour', 'safe');
    await expect(claimAlert(deps(), claim)).rejects.toMatchObject({ code: 'alert_transition_refused' });
  });
});

describe('an answer', () => {
  it('of safe closes the alert and owes one stand-down to each who was texted, and nobody else', async () => {
    const home = await homeWith();
    await raise(home);
    await sendAll();
    await at(15);
    await sendAll();
    clock.advanceTo(minute(20));
    await answer(home, 'neighbour', 'safe', { method: 'in_person' });

    expect(await alertOf(home)).toMatchObject({ state: 'closed', close_outcome: 'safe' });
    expect((await owed(home, 'stand_down')).toSorted()).toEqual([
      '20 daughter',
      '20 neighbour',
      '20 son',
      '20 substitute',
    ]);
    for (const minutes of [30, 60]) await at(minutes);
    expect(await owed(home, 'check_request')).toHaveLength(4);
  });

  it('of needs help tells the desk and every guardian at once, and then the desk again and again', async () => {
    const home = await homeWith();
    await raise(home);
    clock.advanceTo(minute(5));
    await answer(home, 'neighbour', 'needs_help', { method: 'in_person' });
    expect((await owed(home, 'emergency')).toSorted()).toEqual(['5 daughter', '5 desk', '5 son']);

    for (const minutes of [20, 35]) await at(minutes);
    expect(await owed(home, 'emergency')).toEqual(expect.arrayContaining(['20 desk', '35 desk']));
    expect(await alertOf(home)).toMatchObject({ state: 'open', severity: 'emergency' });
  });

  it('of safe by somebody else does not end what a neighbour called an emergency; the desk can', async () => {
    const home = await homeWith();
    await raise(home);
    await answer(home, 'neighbour', 'needs_help', { method: 'in_person' });
    await answer(home, 'daughter', 'safe');
    expect(await alertOf(home)).toMatchObject({ state: 'open', severity: 'emergency' });

    await answer(home, 'desk', 'safe');
    expect(await alertOf(home)).toMatchObject({ state: 'closed', close_outcome: 'safe' });
    const { rows } = await database.pool.query(
      'select outcome from verification join alert on alert.id = alert_id where household_id = $1 order by verification.id',
      [home.id],
    );
    expect(rows).toEqual([{ outcome: 'needs_help' }, { outcome: 'safe' }, { outcome: 'safe' }]);
  });

  it('of nobody reached makes the next step due now and not later', async () => {
    const home = await homeWith();
    await raise(home);
    clock.advanceTo(minute(3));
    await answer(home, 'neighbour', 'could_not_reach', { method: 'in_person' });
    await at(3);

    expect(await owed(home, 'check_request')).toContain('3 son');
  });

  it('of away writes the absence and closes the alert', async () => {
    const home = await homeWith();
    await raise(home);
    await answer(home, 'daughter', 'away', { awayUntil: minute(60 * 24 * 7) });

    const { rows } = await database.pool.query('select away_until, source from absence where household_id = $1', [
      home.id,
    ]);
    expect(rows).toEqual([{ away_until: minute(60 * 24 * 7), source: 'page' }]);
    expect(await alertOf(home)).toMatchObject({ state: 'closed', close_outcome: 'away' });
  });

  it('of away that does not stand against a call for help leaves no absence behind', async () => {
    const home = await homeWith();
    await raise(home);
    await answer(home, 'neighbour', 'needs_help', { method: 'in_person' });
    await answer(home, 'daughter', 'away', { awayUntil: minute(60 * 24 * 7) });

    const { rows } = await database.pool.query('select 1 from absence where household_id = $1', [home.id]);
    expect(rows).toEqual([]);
    expect(await alertOf(home)).toMatchObject({ state: 'open', severity: 'emergency' });
  });

  it('after the alert was closed is refused and writes nothing', async () => {
    const home = await homeWith();
    await raise(home);
    await answer(home, 'neighbour', 'safe');

    await expect(answer(home, 'daughter', 'needs_help')).rejects.toMatchObject({ code: 'alert_transition_refused' });
    const { rows } = await database.pool.query(
      'select count(*) from verification join alert on alert.id = alert_id where household_id = $1',
      [home.id],
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('given by two people at the same moment leaves one outcome standing', async () => {
    const home = await homeWith();
    await raise(home);
    const both = await Promise.allSettled([answer(home, 'neighbour', 'safe'), answer(home, 'daughter', 'safe')]);

    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a second finding at the same home', () => {
  it('joins the open alert; when it is graver it becomes the reason, and whoever was texted hears of it', async () => {
    const home = await homeWith();
    const first = await raise(home, running);
    await sendAll();
    clock.advanceTo(minute(1));
    const second = await raise(home, lowUse);

    expect(second).toEqual({ alertId: first.alertId, opened: false });
    expect(await alertOf(home)).toMatchObject({ severity: 'urgent', detector: 'low-use' });
    expect(await owed(home, 'check_request')).toHaveLength(2);
    expect(await owed(home, 'check_again')).toEqual(['1 daughter', '1 neighbour']);
  });

  it('found by two processes at the same moment opens one alert', async () => {
    const home = await homeWith();
    const both = await Promise.all([raise(home, running), raise(home, lowUse)]);

    expect(both.map(({ opened }) => opened).toSorted()).toEqual([false, true]);
  });
});

describe('the timeline', () => {
  it('tells the whole story in order', async () => {
    const home = await homeWith();
    const { alertId } = await raise(home);
    await at(15);
    await claimAlert(deps(), { alertId, personId: home.people['son']!.id });
    await answer(home, 'son', 'safe');

    const { rows } = await database.pool.query('select type from alert_event where alert_id = $1 order by id', [
      alertId,
    ]);
    expect((rows as { type: string }[]).map(({ type }) => type)).toEqual([
      'opened',
      'asked',
      'asked',
      'escalated',
      'asked',
      'asked',
      'claimed',
      'verified',
      'closed',
    ]);
  });
});
