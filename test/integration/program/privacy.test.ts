import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { useInstallation, withEmbeddedDatabase } from '../../support/installation.ts';
import { publishStillDay, writeRosterOf } from '../../support/still-home.ts';

const PEOPLE = {
  resident: '龚喜乐',
  guardian: { name: 'Zebulon Quartermain', phone: '+8613987654321' },
  contact: { name: '欧阳守望', phone: '+8613987654322' },
};
const SECRETS = [
  PEOPLE.resident,
  PEOPLE.guardian.name,
  'Quartermain',
  PEOPLE.contact.name,
  '13987654321',
  '13987654322',
];

const installation = useInstallation({
  LOG_LEVEL: 'debug',
  DETECT_EVERY_S: '0.3',
  ESCALATE_EVERY_S: '0.3',
  DISPATCH_EVERY_S: '0.3',
});

it('keeps phones, names and links out of everything that is not a text or a page', async () => {
  const roster = join(installation.dataDir, 'roster');
  writeRosterOf(PEOPLE, roster);
  const service = await installation.serve();
  const imported = await installation.run(['import', roster]);
  expect(imported.code).toBe(0);

  await publishStillDay((await service.says(/MQTT +(\S+)/))[1] ?? '');
  const [asked] = await textsIn(service.url, 2);
  const link = /http\S+/.exec(asked?.body ?? '')?.[0] ?? '';
  const token = link.split('/').at(-1) ?? '';
  expect(token).toMatch(/^[\w-]{22,}$/);
  await answerAt(link);
  await textsIn(service.url, 4);

  const tokens = (await textsIn(service.url, 4)).flatMap(({ body }) => /\/v\/([\w-]+)/.exec(body)?.[1] ?? []);
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  const jobs = await withEmbeddedDatabase(installation.dataDir, everyJob);
  service.signalGroup('SIGINT');
  expect((await service.ended).code).toBe(0);

  const places = {
    'standard output': service.stdout(),
    'the log': service.stderr(),
    'what import said': imported.stdout + imported.stderr,
    metrics,
    'the job tables': jobs,
    "PostgreSQL's own log": readFileSync(join(installation.dataDir, 'postgres', 'postgres.log'), 'utf8'),
  };
  expect(places['the log']).toContain('"route":"/v/:token"');
  expect(metrics).toContain('stillwater_');
  expect(jobs).toContain('dispatch');
  const found = Object.entries(places).flatMap(([place, text]) =>
    [...SECRETS, ...tokens].filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  );
  expect(found).toEqual([]);
});

interface Text {
  readonly to: string;
  readonly body: string;
}

/** The texts on the phones, once there are so many. */
function textsIn(url: string, count: number): Promise<Text[]> {
  return vi.waitFor(
    async () => {
      const { texts } = (await (await fetch(`${url}/phones.json`)).json()) as { texts: Text[] };
      expect(texts).toHaveLength(count);
      return texts;
    },
    { timeout: 40_000, interval: 100 },
  );
}

/** Opens the link, sends an incomplete form, says that somebody is on their way, what was found, a note and a wrong code. */
async function answerAt(link: string): Promise<void> {
  const post = async (path: string, fields: Record<string, string>) =>
    (await fetch(link + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })).status;
  expect((await fetch(link)).status).toBe(200);
  expect((await fetch(`${link}nonsense`)).status).toBe(404);
  expect(await post('', {})).toBe(422);
  expect(await post('/claim', { on_my_way: 'yes' })).toBe(303);
  const note = `Spoke to ${PEOPLE.resident} of ${PEOPLE.guardian.phone}`;
  expect(await post('', { outcome: 'safe', method: 'phone', note })).toBe(303);
  expect(await post('/note', { note })).toBe(303);
  const code = new URLSearchParams({ code: '7K3M-9QXT', phone: PEOPLE.guardian.phone });
  expect((await fetch(new URL('/c', link), { method: 'POST', body: code })).status).toBe(422);
  expect((await fetch(link)).status).toBe(200);
}

/** All rows of all tables of the job queue, as text. */
async function everyJob(pool: Parameters<Parameters<typeof withEmbeddedDatabase>[1]>[0]): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq'`,
  );
  const dumps = tables.map(({ name }) => pool.query<{ row: string }>(`select t::text as row from ${name} t`));
  return (await Promise.all(dumps)).flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n');
}
