import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { fixedRules } from '../support/fixed-rules.ts';
import { byForm } from '../support/long-form.ts';
import { useBuiltProgram } from '../support/program.ts';
import { STORY_HOURS, STREET_AREAS, streetStories } from '../support/street-stories.ts';
import { afterHours, watchedHomes } from '../support/watched-homes.ts';

const database = useDatabase();
const street = watchedHomes(database);
const { streetWithMoreNews, hoursCome, outcomeOf } = streetStories(database, street);
useBuiltProgram();

const folder = mkdtempSync(join(tmpdir(), 'stillwater-clock-'));
const clockFile = join(folder, 'now');
const children: ChildProcess[] = [];
const itIs = (hour: number) => writeFileSync(clockFile, afterHours(hour).toISOString());
/** Two minutes later, when a lease of one minute is over. */
const LATER = STORY_HOURS + 2 / 60;

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that runs the detectors once, dying or freezing where it is told. */
function start(dieAt = ''): { child: ChildProcess; ended: Promise<unknown[]> } {
  const job = { databaseUrl: database.url.reveal(), clockFile, policies: fixedRules(), areas: STREET_AREAS };
  const env = { ...process.env, JOB: JSON.stringify(job), DIE_AT: dieAt };
  const child = fork(new URL('./detect-process.mjs', import.meta.url), { env, execArgv: [] });
  children.push(child);
  return { child, ended: once(child, 'exit') };
}

const POINTS = ['divided', 'found', 'raised', 'reviewed', 'watched', 'forgotten'].map((point) => `detect.${point}`);
/** Freezing takes its time; in the short form where most is at stake. */
const FROZEN_AT = byForm({ short: ['detect.found', 'detect.watched'], long: POINTS });
/** In the state `T` of /proc it has been stopped. */
async function untilFrozen({ pid }: ChildProcess): Promise<void> {
  while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T ')) await delay(50);
}

let expected: Awaited<ReturnType<typeof outcomeOf>>;
beforeAll(async () => {
  const homes = await streetWithMoreNews();
  await street.run(STORY_HOURS, { areas: STREET_AREAS });
  expected = await outcomeOf(homes);
  expect(expected.alerts).toHaveLength(2);
});

describe('a process that judges', () => {
  it.each(POINTS)('is killed at %s: another one finishes its work, and nothing is done twice', async (point) => {
    const homes = await streetWithMoreNews();
    itIs(STORY_HOURS);
    expect(await start(`${point}:1:SIGKILL`).ended).toEqual([null, 'SIGKILL']);

    itIs(LATER);
    expect(await start().ended).toEqual([0, null]);
    expect(await outcomeOf(homes)).toEqual(expected);
  });

  it.each(FROZEN_AT)('is frozen at %s past its lease: on waking it changes nothing', async (point) => {
    const homes = await streetWithMoreNews();
    itIs(STORY_HOURS);
    const frozen = start(`${point}:1:SIGSTOP`);
    await untilFrozen(frozen.child);

    // Meanwhile water runs again in all of them: what the frozen process knows of them is out of date.
    await hoursCome(homes, STORY_HOURS, STORY_HOURS + 3, 2);
    itIs(STORY_HOURS + 3);
    expect(await start().ended).toEqual([0, null]);
    const taken = await outcomeOf(homes);
    frozen.child.kill('SIGCONT');
    expect(await frozen.ended).toEqual([0, null]);
    expect(await outcomeOf(homes)).toEqual(taken);
    expect(await start().ended).toEqual([0, null]);
    expect(await outcomeOf(homes)).toEqual(taken);
  });
});
