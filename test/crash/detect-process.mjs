// Runs the detectors once, from the built program. It dies or freezes where it is told: `detect.found:1:SIGSTOP`.
import { readFileSync } from 'node:fs';

const built = (path) => import(new URL(`../../dist/src/${path}`, import.meta.url));
const { armCrashPoint } = await built('core/crash-point.js');
const { createLogger } = await built('core/logger.js');
const { Secret } = await built('core/secret.js');
const { createPool } = await built('db/pool.js');
const { runDetectors } = await built('detectors/run-detectors.js');

const [place, pass, how] = (process.env.DIE_AT ?? '').split(':');
const { databaseUrl, clockFile, policies, areas } = JSON.parse(process.env.JOB);
const log = createLogger('silent');
const pool = createPool(new Secret(databaseUrl), 4, log);
if (place) armCrashPoint(place, Number(pass), how);

await runDetectors({ pool, log, clock: { now: () => new Date(readFileSync(clockFile, 'utf8')) }, policies, areas });
await pool.end();
process.exit();
