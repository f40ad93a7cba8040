// Raises, sends and takes receipts once, as the service does, from the built program. It dies or freezes where it is
// told: at a statement (`statement:17:before`), or at a crash point (`before_send:1:SIGSTOP`).
import { readFileSync } from 'node:fs';
import pg from 'pg';

const built = (path) => import(new URL(`../../dist/src/${path}`, import.meta.url));
const { env } = process;
const [place, pass, how] = (env.DIE_AT ?? '').split(':');

let statements = 0;
const query = pg.Client.prototype.query;
const isOurs = (text) => typeof text === 'string' && !/^set /i.test(text);
pg.Client.prototype.query = function counted(...args) {
  if (!isOurs(args[0])) return query.apply(this, args);
  statements += 1;
  const isHere = place === 'statement' && statements === Number(pass);
  if (isHere && how === 'before') process.kill(process.pid, 'SIGKILL');
  const answer = query.apply(this, args);
  return isHere && typeof answer?.then === 'function'
    ? answer.finally(() => process.kill(process.pid, 'SIGKILL'))
    : answer;
};

const { armCrashPoint } = await built('core/crash-point.js');
const { createLogger } = await built('core/logger.js');
const { Secret } = await built('core/secret.js');
const { createPool } = await built('db/pool.js');
const { raiseAlerts } = await built('alerts/raise-alert.js');
const { dispatchOutbox } = await built('notify/dispatch-outbox.js');
const { recordReceipt } = await built('notify/record-receipt.js');

const job = JSON.parse(env.JOB);
const clock = { now: () => new Date(readFileSync(job.clockFile, 'utf8')) };
const log = createLogger('silent');
const pool = createPool(new Secret(job.databaseUrl), 4, log);
const deps = { pool, clock, log };
const gateway = await gatewayFor(job);
if (place && place !== 'statement') armCrashPoint(place, Number(pass), how);

if (job.raises) await raiseAlerts(deps, job.raises);
process.send?.('raised');
await dispatchOutbox({ ...deps, gateway, publicBaseUrl: 'http://127.0.0.1:9', limits: job.limits });
for (const receipt of await receiptsFor(job)) await recordReceipt(deps, receipt);
await pool.end();
process.send?.({ statements });
process.disconnect?.();

async function gatewayFor({ network, http, canBeAsked = true }) {
  if (http) return (await built('notify/channels/http-sms-gateway.js')).httpSmsGateway(http);
  const { twilioSmsGateway } = await built('notify/channels/twilio-sms-gateway.js');
  const config = { ...network, driver: 'twilio', authToken: new Secret(network.authToken), links: 'any' };
  const { lookup, ...blind } = twilioSmsGateway({ config, publicBaseUrl: 'http://127.0.0.1:9' });
  return canBeAsked ? { ...blind, lookup } : blind;
}

/** What the provider would report of the texts it took for these phones. */
async function receiptsFor({ network, phones }) {
  if (!network) return [];
  const { accountSid, authToken, baseUrl } = network;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const url = (phone) => `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json?To=${encodeURIComponent(phone)}`;
  const receipts = [];
  for (const phone of phones) {
    const { messages } = await (await fetch(url(phone), { headers: { authorization } })).json();
    for (const { sid: reference } of messages) {
      for (const status of ['sent', 'delivered']) receipts.push({ gateway: 'twilio', reference, status });
    }
  }
  return receipts;
}
