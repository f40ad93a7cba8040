import type { Config } from '../../../config/config.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Logger } from '../../../core/logger.ts';
import type { Secret } from '../../../core/secret.ts';
import { heldAlerts } from '../../../db/alert-holds.ts';
import { brokerDrops } from '../../../db/broker-drops.ts';
import { backlog } from '../../../db/installation.ts';
import { openOutages } from '../../../db/outages.ts';
import { latestReplies } from '../../../db/inbound-replies.ts';
import { openGatewayFaults, openRosterDefects } from '../../../db/reachability.ts';
import { createPool } from '../../../db/pool.ts';
import type { DbPool } from '../../../db/sql.ts';
import { upkeepRuns } from '../../../db/upkeep-runs.ts';
import { auditCoverage } from '../../../roster/audit-coverage.ts';
import { auditRota } from '../../../roster/audit-rota.ts';
import { loadDecoders } from '../../decoders.ts';
import { readPolicyFile, refuseUnheardCalls, refuseUnknownCommunities } from '../../policies.ts';
import { checkCalls } from './calls.ts';
import { openTickets } from '../../../db/tickets.ts';
import { checkAreas } from './areas.ts';
import { checkTickets } from './tickets.ts';
import { checkBacklog } from './backlog.ts';
import { checkBroker } from './broker.ts';
import { checkBrokerDrops } from './broker-drops.ts';
import { type Check, fine, look } from './check.ts';
import { checkDatabaseServer, checkSchema } from './database.ts';
import { checkEmbeddedDatabase } from './embedded-parts.ts';
import { checkNodeVersion } from './node-version.ts';
import { checkPublicAddress } from './public-address.ts';
import { checkRedis } from './redis.ts';
import { checkRoster, checkRota, checkSmsDriver } from './roster.ts';
import { checkGateways, checkReachability, checkSmsSettings } from './texts.ts';
import { checkUpkeep } from './upkeep.ts';

export interface DoctorDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Diagnosis {
  readonly checks: readonly Check[];
}

/**
 * Looks at every part of an installation and changes nothing. A check that fails is a finding; it stops no other.
 * Nothing embedded is started: of those parts only what lies on the disk is looked at.
 */
export async function runDoctor(config: Config, deps: DoctorDeps): Promise<Diagnosis> {
  const { database, redis, mqtt, decoderFile } = config;
  const checks = await Promise.all([
    look('Node.js', 'install Node.js 24', () => checkNodeVersion(process.versions.node)),
    look('policy file', 'mend the file that STILLWATER_POLICY_FILE names', () => checkPolicies(config)),
    look('decoder file', 'mend the file that STILLWATER_DECODER_FILE names', () => checkDecoders(decoderFile)),
    look('SMS settings', 'mend the file that SMS_HTTP_FILE names', () => checkSmsSettings(config)),
    look('public address', 'mend PUBLIC_BASE_URL', () => checkPublicAddress(config)),
    database.url
      ? checkDatabase(database.url, config, deps)
      : look('data directory', 'set STILLWATER_DATA_DIR', () => checkEmbeddedDatabase(config.dataDir)),
    look('Redis', 'check REDIS_URL, and whether Redis runs and lets us in', () =>
      redis.url ? checkRedis(redis.url) : fine('Redis', 'not used: the job queue is in the database'),
    ),
    look('MQTT broker', 'check MQTT_URL, MQTT_USERNAME, MQTT_PASSWORD, and whether the broker runs', () =>
      mqtt.url ? checkBroker(mqtt.url, mqtt) : fine('MQTT broker', 'embedded: it runs while we serve'),
    ),
  ]);
  return { checks: checks.flat() };
}

function checkPolicies({ policyFile: path, voice }: Config): Check {
  if (path === undefined) return fine('policy file', 'none: what stillwater policy show tells is in force');
  refuseUnheardCalls(readPolicyFile(path).file, voice);
  return fine('policy file', path);
}

function checkDecoders(path: string | undefined): Check {
  const names = loadDecoders(path).map(({ name }) => name);
  return fine('decoder file', path === undefined ? 'none: the formats that come with the program' : names.join(', '));
}

async function checkDatabase(url: Secret, config: Config, deps: DoctorDeps): Promise<readonly Check[]> {
  const pool = createPool(url, 1, deps.log);
  try {
    const server = await look('PostgreSQL', 'check DATABASE_URL, and whether the database runs and lets us in', () =>
      checkDatabaseServer(pool, deps.clock),
    );
    if (server.some(({ name, status }) => name === 'PostgreSQL' && status === 'problem')) return server;

    const schema = await look('schema', 'run stillwater migrate', () => checkSchema(pool));
    if (schema.some(({ status }) => status === 'problem')) return [...server, ...schema];
    const advice = 'mend the code in the policy file, or import the community';
    const codes = await look('policy: communities', advice, () => checkCommunities(pool, config));
    const calls = await look('policy: calls', 'set TWILIO_VOICE_FROM, or enable another policy', () =>
      checkCalls(pool, config),
    );
    return [...server, ...schema, ...codes, ...calls, ...(await checkContents(pool, config, deps))];
  } finally {
    await pool.end();
  }
}

/** What the policy file names must be there; what was enabled was looked at then. */
async function checkCommunities(pool: DbPool, { policyFile }: Config): Promise<Check[]> {
  if (policyFile === undefined) return [];
  const { file } = readPolicyFile(policyFile);
  if (!file.communities) return [];
  await refuseUnknownCommunities(pool, file);
  return [fine('policy: communities', `${Object.keys(file.communities).length} with rules of their own`)];
}

/** What the tables tell, once they are known to be there. */
function checkContents(
  pool: DbPool,
  { sms, voice, timeZone }: Config,
  { clock }: DoctorDeps,
): Promise<readonly Check[]> {
  return look('roster', 'see the log of the database', async () => {
    const at = clock.now();
    const waiting = await backlog(pool, at);
    const gaps = await auditCoverage(pool, at);
    const slots = await auditRota(pool, at, timeZone);
    const runs = await upkeepRuns(pool);
    const areas = checkAreas(await openOutages(pool), await heldAlerts(pool), at);
    return [
      ...checkRoster(waiting, gaps),
      ...checkRota(slots),
      checkSmsDriver(sms, waiting),
      ...checkReachability(
        await openRosterDefects(pool),
        (await latestReplies(pool, { all: false, limit: 1_000 })).length,
      ),
      ...checkGateways(await openGatewayFaults(pool), { sms, voice }),
      ...checkBacklog(waiting, at),
      checkTickets(await openTickets(pool), at),
      checkBrokerDrops(await brokerDrops(pool), at),
      ...checkUpkeep(runs, at),
      ...areas,
    ];
  });
}
