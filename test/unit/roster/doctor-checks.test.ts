import { describe, expect, it } from 'vitest';
import { twilioConfigFor } from '../../support/phone-network.ts';
import { loadConfig } from '../../../src/config/config.ts';
import type { Backlog } from '../../../src/db/installation.ts';
import { checkBacklog } from '../../../src/main/commands/doctor/backlog.ts';
import { look } from '../../../src/main/commands/doctor/check.ts';
import { checkNodeVersion } from '../../../src/main/commands/doctor/node-version.ts';
import { checkPublicAddress } from '../../../src/main/commands/doctor/public-address.ts';
import { checkRoster, checkSmsDriver } from '../../../src/main/commands/doctor/roster.ts';

const at = new Date('2026-04-01T08:00:00Z');
const quiet: Backlog = {
  watchedHomes: 60,
  unwatchedHomes: 0,
  firstTextDueAt: null,
  firstStepDueAt: null,
  quarantined: 0,
};
const minutesAgo = (minutes: number) => new Date(at.getTime() - minutes * 60_000);

describe('what the doctor makes of Node.js', () => {
  it.each([
    ['18.20.0', 'problem'],
    ['20.18.3', 'problem'],
    ['20.19.0', 'warning'],
    ['24.1.0', 'ok'],
  ])('%s is a matter of: %s', (version, status) => {
    expect(checkNodeVersion(version).status).toBe(status);
  });
});

describe('what the doctor makes of the work that waits', () => {
  it('finds nothing wrong where nothing waits', () => {
    expect(checkBacklog(quiet, at).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('does not mind a text that is due this minute, or a step that is due later', () => {
    const [outbox, escalation] = checkBacklog(
      { ...quiet, firstTextDueAt: minutesAgo(1), firstStepDueAt: minutesAgo(-9) },
      at,
    );

    expect([outbox?.status, escalation?.status]).toEqual(['ok', 'ok']);
  });

  it('says for how long a text and a step have been due, and who should have done it', () => {
    const waiting = { ...quiet, firstTextDueAt: minutesAgo(12), firstStepDueAt: minutesAgo(3) };
    const [outbox, escalation] = checkBacklog(waiting, at);

    expect(outbox).toMatchObject({ status: 'problem', found: 'a text has been due for 12 min' });
    expect(outbox?.advice).toContain('notify');
    expect(escalation).toMatchObject({ status: 'problem', found: 'a step has been due for 3 min' });
  });

  it('counts homes nobody can tell anything of, and messages nobody understood', () => {
    const [, , unwatched, quarantine] = checkBacklog({ ...quiet, unwatchedHomes: 4, quarantined: 7 }, at);

    expect(unwatched).toMatchObject({ status: 'warning', found: expect.stringContaining('4 of 60') });
    expect(quarantine).toMatchObject({ status: 'warning', found: expect.stringContaining('7 message') });
  });
});

describe('what the doctor makes of the roster', () => {
  it('asks for an import where nobody is watched', () => {
    expect(checkRoster({ ...quiet, watchedHomes: 0 }, [])).toMatchObject([{ advice: 'run stillwater import' }]);
  });

  it('takes a missing desk for graver than a missing guardian', () => {
    const gaps = [
      { gap: 'no_desk' as const, homes: 1, codes: ['WL-001'] },
      { gap: 'no_guardian' as const, homes: 1, codes: ['WL-001'] },
    ];

    expect(checkRoster(quiet, gaps).map(({ status }) => status)).toEqual(['problem', 'warning']);
  });

  it('warns when a real town relies on texts that only go to the log', () => {
    expect(checkSmsDriver(loadConfig({}).sms, quiet).status).toBe('ok');
    expect(checkSmsDriver(loadConfig({}).sms, { ...quiet, watchedHomes: 100 }).status).toBe('warning');
    expect(checkSmsDriver([{ ...twilioConfigFor('') }], { ...quiet, watchedHomes: 36_000 }).status).toBe('ok');
  });
});

describe('what the doctor makes of the public address', () => {
  const statusOf = (env: Record<string, string>) => checkPublicAddress(loadConfig(env)).status;
  const twilio = {
    SMS_DRIVER: 'twilio',
    TWILIO_ACCOUNT_SID: 'AC0',
    TWILIO_AUTH_TOKEN: 'invented',
    TWILIO_FROM: '+15005550006',
  };

  it('needs https that phones can open, once texts are real', () => {
    expect(statusOf({ ...twilio, PUBLIC_BASE_URL: 'https://water.example' })).toBe('ok');
    expect(statusOf({ ...twilio, PUBLIC_BASE_URL: 'http://water.example' })).toBe('problem');
    expect(statusOf({ ...twilio, PUBLIC_BASE_URL: 'https://localhost:3000' })).toBe('problem');
  });

  it('lets a trial do without', () => {
    expect(statusOf({})).toBe('ok');
    expect(statusOf({ PUBLIC_BASE_URL: 'http://127.0.0.1:3000' })).toBe('ok');
  });
});

it('makes a problem of a check that breaks, so that the others go on', async () => {
  const checks = await look('clocks', 'look at the clock', () => {
    throw new Error('the hands fell off');
  });

  expect(checks).toEqual([
    { name: 'clocks', status: 'problem', found: 'the hands fell off', advice: 'look at the clock' },
  ]);
});
