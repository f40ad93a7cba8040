import { readFileSync } from 'node:fs';
import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { monthTown } from '../../../simulator/presets/month-town.ts';
import { readRealHome } from '../../../simulator/recorded/real-readings.ts';
import { loadConfig } from '../../config/config.ts';
import { handTurnedClock, startStopwatch } from '../../core/clock.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { createLogger } from '../../core/logger.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import { startInfrastructure } from '../infrastructure.ts';
import { type PlayedTown, startPlayedTown } from '../played-town.ts';
import { announceAbsences } from '../demo/announce-absences.ts';
import { scoreTown, type TownScore } from '../demo/score-town.ts';

export interface SimulateArguments {
  readonly homes: number;
  readonly days: number;
  /** Simulated minutes between two looks of the service. */
  readonly step: number;
  readonly seed: number;
  readonly real?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `stillwater simulate`: plays a town through the real service as fast as it goes, on a database that is thrown away,
 * and counts what came of it. The same arguments play the same town.
 */
export async function simulate(args: SimulateArguments): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLogger(process.env['LOG_LEVEL'] ? config.log.level : 'error');
  const dataDir = await mkdtemp(join(tmpdir(), 'stillwater-simulate-'));
  await chmod(dataDir, 0o755);
  const throwAway = {
    ...config,
    dataDir,
    database: { url: undefined },
    mqtt: { ...config.mqtt, url: undefined, embeddedPort: 0 },
  };
  const played = { ...throwAway, http: { ...config.http, port: 0 } };
  const infrastructure = await startInfrastructure(played, log, { needsBroker: true, isThrownAway: true });
  try {
    const startAt = new Date('2026-03-01T00:00:00+08:00');
    const town = monthTown(args.seed, args.homes, startAt, args.real === undefined ? undefined : readReal(args.real));
    const clock = handTurnedClock(town.startAt);
    const options = { config: played, clock, log, infrastructure, town, seed: args.seed };
    const stage = await startPlayedTown(options);
    try {
      await announceAbsences(stage);
      const took = startStopwatch();
      await playMonth(stage, args);
      const score = await scoreTown(stage.service.pool, town, args.days, took() / SECOND_MS);
      report(score, args.json === true);
    } finally {
      await stage.stop();
    }
  } finally {
    await infrastructure.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function readReal(path: string) {
  try {
    return readRealHome(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AppError('input_invalid', `${path}: ${messageOf(cause)}`, { cause });
  }
}

/** Every job of the service runs once a step, as if its time had come. */
async function playMonth(stage: PlayedTown, { days, step, json }: SimulateArguments): Promise<void> {
  const { clock, town, headEnd, phones, settled, service } = stage;
  const bar = new SingleBar(
    { format: 'simulating {bar} {value} of {total} days', hideCursor: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  if (json !== true) bar.start(days, 0);
  const steps = Math.ceil((days * DAY_MS) / (step * MINUTE_MS));
  for (let done = 0; done < steps; done += 1) {
    const from = clock.now();
    const to = new Date(from.getTime() + step * MINUTE_MS);
    clock.advanceTo(to);
    await headEnd.publish(town.messagesBetween(from, to));
    await settled();
    for (const { handle } of service.jobs) await handle();
    await phones.tick(to);
    bar.update(Math.floor(((done + 1) * step * MINUTE_MS) / DAY_MS));
  }
  bar.stop();
}

function report(score: TownScore, asJson: boolean): void {
  if (asJson) {
    process.stdout.write(`${JSON.stringify(score)}\n`);
    return;
  }
  const lines = Object.entries(score).map(([name, figure]) => `${name.padEnd(30)}${String(figure)}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}
