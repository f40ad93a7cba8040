import { SingleBar, Presets } from 'cli-progress';
import { demoTown } from '../../../simulator/presets/demo-town.ts';
import type { Town } from '../../../simulator/town/town.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import { handTurnedClock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { createLogger, type Logger } from '../../core/logger.ts';
import { createPool } from '../../db/pool.ts';
import { alertOutcomes, readingCounts, ticketOutcomes } from '../../db/town-outcomes.ts';
import { wallClock } from '../../domain/alerting/reason.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import { type DemoRun, markDemoLoaded, prepareDemoRun } from '../demo/demo-state.ts';
import { judgeDay } from '../demo/judge-day.ts';
import { type Pace, play } from '../demo/play.ts';
import { showTimeline } from '../demo/show-timeline.ts';
import { textPrinter } from '../demo/show-texts.ts';
import { EXIT } from '../exit-codes.ts';
import { type Infrastructure, startInfrastructure } from '../infrastructure.ts';
import { type PlayedTown, startPlayedTown } from '../played-town.ts';
import { untilAskedToStop } from '../until-asked-to-stop.ts';

/**
 * The day that is played is always this one. People do not live alike on any two days, and now and then somebody who is out
 * for long is asked after: what is shown must not depend on when it is looked at.
 */
const PLAYED_DAY = new Date('2026-11-26T04:00:00Z');

export interface DemoArguments {
  /** Plays the day without waiting for anybody, checks what came of it and ends. */
  readonly once: boolean;
  readonly seed: number;
}

/** Long enough for a meter that fell silent before the day to be missed. */
const PLAYED_MS = 30 * HOUR_MS;
/** The service's jobs run this often, in real time: a few simulated minutes apart. */
const JOBS_EVERY_MS = 200;
const FAST: Pace = { minutesAStep: 2, pauseMs: 80 };
/** While somebody is being asked, slow enough to answer for them on the phones page. */
const WATCHABLE: Pace = { minutesAStep: 1, pauseMs: 1_000 };
const CALM: Pace = { minutesAStep: 2, pauseMs: 200 };

/** Whether somebody has asked for the demonstration to end. */
interface Stopping {
  asked: boolean;
}

/**
 * `stillwater demo`: a town of sixty homes and a real one, thirty days of readings, then a day on which a person stops
 * using water, a tap is left running and a meter falls silent. Returns the exit code.
 */
export async function demo({ once, seed }: DemoArguments): Promise<number> {
  const config = demoConfig(loadConfig(process.env));
  const log = createLogger(process.env['LOG_LEVEL'] ? config.log.level : 'error');
  const stopping: Stopping = { asked: false };
  const asked = untilAskedToStop().then(() => {
    stopping.asked = true;
  });
  say('Stillwater: starting a PostgreSQL, a broker, a job queue and a phone network of our own ...');
  const infrastructure = await startInfrastructure(config, log, { needsBroker: true });
  try {
    const run = await decideRun(config, infrastructure, seed, log);
    const { town, dayBeginsAt } = demoTown(seed, run.startAt);
    const clock = handTurnedClock(dayBeginsAt);
    const played = await startPlayedTown({ config, clock, log, infrastructure, town, seed });
    try {
      if (!(await backfill(played, run, dayBeginsAt, stopping))) return stoppedEarly(once);
      await played.service.scheduleJobs();
      showAddresses(played, infrastructure);
      return once ? await playAndJudge(played, dayBeginsAt, stopping) : await playOn(played, stopping, asked);
    } finally {
      await played.stop();
    }
  } finally {
    await infrastructure.stop();
  }
}

/** The demonstration has a data directory of its own, and its phones read the log driver's texts. */
function demoConfig(config: Config): Config {
  if (config.sms.some(({ driver }) => driver !== 'log')) {
    throw new AppError('demo_refused', 'the demo texts invented people: it needs SMS_DRIVER=log');
  }
  const everyMs = { detect: JOBS_EVERY_MS, escalate: JOBS_EVERY_MS, dispatch: JOBS_EVERY_MS };
  return { ...config, dataDir: `${config.dataDir}/demo`, everyMs };
}

async function decideRun(config: Config, { databaseUrl }: Infrastructure, seed: number, log: Logger): Promise<DemoRun> {
  const pool = createPool(databaseUrl, 2, log);
  try {
    const isEmbedded = config.database.url === undefined;
    const run = await prepareDemoRun(pool, { seed, now: PLAYED_DAY, timeZone: config.timeZone, isEmbedded });
    if (run.isResumed) say('A back-fill was broken off: it goes on with the same town.');
    return run;
  } finally {
    await pool.end();
  }
}

/** Whoever stops the interactive demonstration has seen enough; one that was to check the day has not done so. */
function stoppedEarly(once: boolean): number {
  say('Stopped before the day was over.');
  return once ? EXIT.failed : EXIT.done;
}

/**
 * The town's first thirty days, through MQTT like any other reading. Sent again after a kill, none is stored twice.
 * False when it was asked to stop half-way; the next start goes on.
 */
async function backfill(
  { service, headEnd, town, settled, clock }: PlayedTown,
  run: DemoRun,
  dayBeginsAt: Date,
  stopping: Readonly<Stopping>,
): Promise<boolean> {
  const days = Math.round((dayBeginsAt.getTime() - town.startAt.getTime()) / DAY_MS);
  const bar = new SingleBar(
    { format: 'back-fill {bar} {percentage}% | {value} of {total} days', hideCursor: true },
    Presets.shades_classic,
  );
  bar.start(days, 0);
  for (let day = 0; day < days && !stopping.asked; day += 1) {
    const from = new Date(town.startAt.getTime() + day * DAY_MS);
    await headEnd.publish(town.messagesBetween(from, new Date(from.getTime() + DAY_MS)));
    await settled();
    bar.update(day + 1);
  }
  bar.stop();
  if (stopping.asked) return false;
  await markDemoLoaded(service.pool, run, clock.now());
  const { readings, conflicts, quarantined } = await readingCounts(service.pool);
  say(
    `${readings} readings of ${town.homes.length} homes stored, ${conflicts} conflicts, ${quarantined} messages in quarantine.`,
  );
  return true;
}

function showAddresses({ service }: PlayedTown, { embedded, mqttUrl }: Infrastructure): void {
  say(`
  phones   ${service.publicBaseUrl}/phones    every text, and the links to answer it
  health   ${service.publicBaseUrl}/health/ready
  metrics  ${service.publicBaseUrl}/metrics
  MQTT     ${mqttUrl && embedded.includes('MQTT broker') ? mqttUrl.reveal() : 'as configured'}
`);
}

async function playAndJudge(played: PlayedTown, dayBeginsAt: Date, stopping: Readonly<Stopping>): Promise<number> {
  const until = new Date(dayBeginsAt.getTime() + PLAYED_MS);
  const shouldStop = () => stopping.asked;
  await playPrinting(played, until, () => FAST, shouldStop);
  if (stopping.asked) return stoppedEarly(true);

  const alerts = await alertOutcomes(played.service.pool);
  for (const alert of alerts) await showTimeline(played.service.pool, alert, played.town.timeZone, say);

  const tickets = await ticketOutcomes(played.service.pool);
  say('');
  for (const { homeCode, kind, openedAt } of tickets) {
    say(
      `${homeCode ?? '?'}: ${kind}\n  ${wallClock(openedAt.getTime(), 'en', played.town.timeZone)}  ticket opened, nobody texted\n`,
    );
  }
  const checks = judgeDay(played.town.truth(), alerts, tickets);
  for (const { sentence, holds } of checks) say(`${holds ? 'ok    ' : 'FAILED'}  ${sentence}`);
  return checks.every(({ holds }) => holds) ? EXIT.done : EXIT.failed;
}

/** Plays until somebody stops it; after the day the town simply lives on. */
async function playOn(played: PlayedTown, stopping: Readonly<Stopping>, asked: Promise<void>): Promise<number> {
  say(
    'The day begins. While somebody is being asked, a simulated minute takes a second: open the phones page and answer',
  );
  say('before they do. Ctrl-C stops the demo.\n');
  let isAsking = false;
  const forever = new Date(8.64e15);
  const look = setInterval(() => {
    void alertOutcomes(played.service.pool).then(
      (alerts) => (isAsking = alerts.some(({ state }) => state !== 'closed')),
      () => undefined,
    );
  }, 500);
  await Promise.race([
    playPrinting(
      played,
      forever,
      () => (isAsking ? WATCHABLE : CALM),
      () => stopping.asked,
    ),
    asked,
  ]);
  clearInterval(look);
  return EXIT.done;
}

async function playPrinting(
  played: PlayedTown,
  until: Date,
  pace: () => Pace,
  shouldStop: () => boolean = () => false,
): Promise<void> {
  const printNew = textPrinter(played.service.texts, nameIn(played.town), played.town.timeZone, say);
  await play(played, until, () => (printNew(), pace()), shouldStop);
  printNew();
}

function nameIn(town: Town): (phone: string) => string {
  return (phone) => town.roleOf(phone) ?? 'somebody';
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
