// One replica of the service, in a process of its own, on a clock that its parent turns: whenever it is told what time it
// is, it escalates and sends, and judges homes if asked to, as the roles `notify` and `detect` do. Its texts go to the parent's telephone
// network over HTTP. Told so, it freezes itself the next time it passes a crash point.
import { escalateDueAlerts } from '../../dist/src/alerts/escalate-due-alerts.js';
import { handTurnedClock } from '../../dist/src/core/clock.js';
import { armCrashPoint } from '../../dist/src/core/crash-point.js';
import { createLogger } from '../../dist/src/core/logger.js';
import { Secret } from '../../dist/src/core/secret.js';
import { createPool } from '../../dist/src/db/pool.js';
import { runDetectors } from '../../dist/src/detectors/run-detectors.js';
import { tierPolicies } from '../../dist/src/detectors/tier-policy.js';
import { logSmsGateway } from '../../dist/src/notify/channels/log-sms-gateway.js';
import { dispatchOutbox } from '../../dist/src/notify/dispatch-outbox.js';

const { REPLICA_DATABASE_URL: databaseUrl, REPLICA_NETWORK_URL: network, REPLICA_NAME: name } = process.env;
const log = createLogger('silent');
const clock = handTurnedClock(new Date(0));
const pool = createPool(new Secret(databaseUrl), 4, log, { idleInTransactionMs: 2_000 });

const ask = async (path, body) => {
  const response = await fetch(`${network}/${path}`, { method: 'POST', body: JSON.stringify({ from: name, ...body }) });
  return response.json();
};
const gateway = {
  ...logSmsGateway({ clock, log }),
  send: async ({ to, intent, deliveryId }) => {
    const { reference } = await ask('send', { to, intent, deliveryId });
    return { kind: 'accepted', reference, parts: 1 };
  },
  lookup: ({ to, since }) => ask('lookup', { to, since }),
};
const deps = { pool, clock, log, gateway, publicBaseUrl: 'https://sw.example.org' };

const policies = tierPolicies();

process.on('message', async ({ tick, judges = false, sends = true, freezeAt }) => {
  if (freezeAt) armCrashPoint(freezeAt, 1, 'SIGSTOP');
  if (new Date(tick) > clock.now()) clock.advanceTo(new Date(tick));
  try {
    if (judges) await runDetectors({ ...deps, policies });
    if (sends) {
      await escalateDueAlerts(deps);
      await dispatchOutbox(deps);
    }
    process.send({ done: tick });
  } catch (error) {
    process.send({ done: tick, failed: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
