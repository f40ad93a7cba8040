import { Agent, request } from 'node:http';
import type { DbPool } from '../../src/db/sql.ts';
import { ACCOUNT } from './phones.ts';

/** As much as our own: homes to a transaction, texts to a commit, texts on their way at once. */
const HOMES_AT_ONCE = 100;
const TEXTS_AT_ONCE = 256;
const IN_FLIGHT = 64;

/**
 * The least that must be done for these texts: a row for each alert and each text, one that it is about to leave, a bare
 * POST to the provider and a row that it took it, all in groups and with nothing checked.
 */
export async function sendBare(pool: DbPool, url: string, phones: readonly string[]): Promise<void> {
  await pool.query('create table if not exists bare (id bigint generated always as identity, kind text, detail text)');
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const insert = (kind: string, details: readonly string[]) =>
    pool.query('insert into bare (kind, detail) select $1, detail from unnest($2::text[]) detail', [kind, details]);
  for (let start = 0; start < phones.length; start += 2 * HOMES_AT_ONCE) {
    await insert('owed', phones.slice(start, start + 2 * HOMES_AT_ONCE));
  }
  for (let start = 0; start < phones.length; start += TEXTS_AT_ONCE) {
    const texts = phones.slice(start, start + TEXTS_AT_ONCE);
    await insert('leaving', texts);
    const queue = texts.values();
    const lane = async () => {
      for (const phone of queue) await post(agent, url, phone);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    await insert('taken', texts);
  }
  agent.destroy();
}

const BODY = 'Home B1 of Z.: only 3 L of water in 24 h. Please look in and tell us: https://sw.example.org/v/'.padEnd(
  140,
);

function post(agent: Agent, url: string, to: string): Promise<void> {
  const { accountSid, authToken } = ACCOUNT;
  const MessagingServiceSid = `MG${'0'.repeat(32)}`;
  const form = new URLSearchParams({ To: to, Body: BODY, MessagingServiceSid, ValidityPeriod: '900' }).toString();
  return new Promise((resolve, reject) => {
    const call = request(
      `${url}/2010-04-01/Accounts/${accountSid}/Messages.json`,
      {
        agent,
        method: 'POST',
        auth: `${accountSid}:${authToken}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(form) },
      },
      (answer) => answer.resume().on('end', resolve).on('error', reject),
    );
    call.on('error', reject).end(form);
  });
}
