import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useInstallation } from '../../support/installation.ts';

const COMMANDS = {
  demo: ['--once', '--seed'],
  serve: ['--role', 'ingest, detect, notify, web'],
  migrate: ['--help'],
  simulate: ['--homes', '--days', '--step', '--seed', '--real', '--json'],
  import: ['--dry-run', '--communities', '--households', '--people', '--pairings', '--staff'],
  meter: ['list', 'show', 'register', 'bind', 'unbind', 'exchange'],
  quarantine: ['list', 'show', 'replay'],
  doctor: ['--plain'],
};

const installation = useInstallation();

describe('help', () => {
  it('lists the commands and what the exit codes mean', async () => {
    const { code, stdout } = await installation.run(['--help']);

    expect(code).toBe(0);
    for (const command of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('Exit codes: 0 done; 1 failed');
  });

  it.each(Object.entries(COMMANDS))('is there for %s, with its options', async (command, options) => {
    const { code, stdout } = await installation.run([command, '--help']);

    expect(code).toBe(0);
    for (const option of options) expect(stdout).toContain(option);
  });
});

describe('arguments that make no sense', () => {
  it.each([
    [['watch'], `error: unknown command 'watch'`],
    [['serve', '--rolle', 'web'], `error: unknown option '--rolle'`],
    [['serve', '--role', 'web,cook'], 'stillwater: "cook" is not a role: choose from ingest, detect, notify, web'],
    [['demo', '--seed', 'many'], 'stillwater: "many" is not a whole number'],
    [['quarantine', 'show', '-1'], 'stillwater: "-1" is not a whole number'],
    [['meter', 'register', 'WM/#'], 'stillwater: serial "WM/#": expected up to 64 letters, digits or . _ : -'],
    [
      ['meter', 'unbind', 'WM-1', '--at', 'ten'],
      'stillwater: time "ten": expected a time with its zone: 2026-03-01T10:00:00+08:00',
    ],
  ])('are refused with 2 and a line that says so: %j', async (args, line) => {
    const { code, stderr } = await installation.run(args);

    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')[0]).toBe(line);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('an environment that makes no sense', () => {
  it('is refused with one message that names every mistake', async () => {
    const mistakes = {
      DATABASE_URL: 'mysql://db/stillwater',
      HTTP_PORT: 'eighty',
      TIME_ZONE: 'Mars/Olympus',
      DETECT_EVERY_S: '0',
      SMS_DRIVER: 'twilio',
    };

    const { code, stdout, stderr } = await installation.run(['serve'], mistakes);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n').map((line) => line.split(':')[0]?.trim())).toEqual([
      'stillwater',
      'DATABASE_URL',
      'HTTP_PORT',
      'TIME_ZONE',
      'DETECT_EVERY_S',
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'PUBLIC_BASE_URL',
      'TWILIO_MESSAGING_SERVICE_SID',
      '',
    ]);
  });

  it('is refused when the policy file is wrong, naming each place in it', async () => {
    const path = join(installation.dataDir, 'policy.json');
    writeFileSync(path, '{"tiers": {"1": {"meterSilent": {"afterHours": 0}}, "4": {}}}');

    const { code, stderr } = await installation.run(['serve'], { STILLWATER_POLICY_FILE: path });
    expect(code).toBe(2);
    expect(stderr).toContain(`stillwater: ${path}:\n`);
    expect(stderr).toContain('at tiers.1.meterSilent.afterHours');
    expect(stderr).toContain('Unrecognized key: "4"');
  });

  it('is refused by policy check when a policy calls and nobody can be called', async () => {
    const path = join(installation.dataDir, 'calling.json');
    const steps = [{ afterMinutes: 0, ask: [{ role: 'desk', position: 1 }], channels: ['voice'] }];
    const escalation = { name: 'loud', steps, repeatLastEveryMinutes: 15, claimLapsesAfterMinutes: 30 };
    writeFileSync(path, JSON.stringify({ tiers: { 1: { escalation } } }));

    const { code, stderr } = await installation.run(['policy', 'check', path]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'stillwater: the policy asks by voice ("loud"), and there is no voice gateway: set TWILIO_VOICE_FROM, or leave "voice" out\n',
    );
    const calling = await installation.run(['policy', 'check', path], { TWILIO_VOICE_FROM: '+15005550006' });
    expect(calling.stdout).toContain('asks by "loud", 1 step(s), with calls at step 1');
  });

  it('is refused when a process would text links and does not know where they lead', async () => {
    const { code, stderr } = await installation.run(['serve', '--role', 'notify']);

    expect(code).toBe(2);
    expect(stderr).toContain('stillwater: PUBLIC_BASE_URL: a process with the role notify and without web needs it\n');
  });
});

describe('a neighbour that is not there, or in the way', () => {
  let silent: Server;
  let port = 0;
  beforeAll(async () => {
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    port = (silent.address() as { port: number }).port;
  });
  afterAll(() => silent.close());

  it.each([
    [
      'DATABASE_URL',
      'postgresql://water:secret@127.0.0.1:1/none',
      1,
      'the database cannot be used: connect ECONNREFUSED',
    ],
    [
      'DATABASE_URL',
      'postgresql://water:secret@localhost:1/none',
      1,
      'the database cannot be used: connect ECONNREFUSED',
    ],
    ['REDIS_URL', 'redis://127.0.0.1:1', 1, 'Redis cannot be used: connect ECONNREFUSED'],
    ['MQTT_URL', 'mqtt://127.0.0.1:1', 1, 'the MQTT broker cannot be used: connect ECONNREFUSED'],
    ['HTTP_PORT', 'taken', 2, 'HTTP_HOST, HTTP_PORT: listen EADDRINUSE'],
    ['EMBEDDED_MQTT_PORT', 'taken', 2, 'EMBEDDED_MQTT_PORT: listen EADDRINUSE'],
  ])('ends the start with one line about it: %s=%s', async (name, setting, code, words) => {
    const settings = { LOG_LEVEL: 'silent', [name]: setting === 'taken' ? String(port) : setting };

    const ended = await installation.run(['serve'], settings);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(new RegExp(`^stillwater: ${words}[^\n]*\n$`));
    expect(ended.stderr).not.toContain('secret');
  });

  it('does not wait without end for a database that says nothing', async () => {
    const ended = await installation.run(['migrate'], { DATABASE_URL: `postgresql://water@127.0.0.1:${port}/none` });

    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^stillwater: the database cannot be used: [^\n]*timeout[^\n]*\n$/);
  });
});
