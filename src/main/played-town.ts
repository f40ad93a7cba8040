import { setTimeout as delay } from 'node:timers/promises';
import { createHeadEnd } from '../../simulator/head-end/head-end.ts';
import { createPhones } from '../../simulator/phones/phones.ts';
import type { Town } from '../../simulator/town/town.ts';
import type { Config } from '../config/config.ts';
import type { HandTurnedClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { importRoster } from '../roster/import-roster.ts';
import { describeMistake } from '../roster/roster-files.ts';
import type { Stage } from './demo/play.ts';
import { brokerUrl, type Infrastructure } from './infrastructure.ts';
import { ROLES } from './roles.ts';
import { type Service, startService } from './service.ts';

export interface PlayedTownOptions {
  readonly config: Config;
  readonly clock: HandTurnedClock;
  readonly log: Logger;
  readonly infrastructure: Infrastructure;
  readonly town: Town;
  readonly seed: number;
}

/** A simulated town and a whole service of its own, which meet over MQTT and HTTP alone. */
export interface PlayedTown extends Stage {
  readonly service: Service;
  readonly stop: () => Promise<void>;
}

/** Starts the whole service but its jobs on a hand-turned clock, imports the town's roster and connects its meters and phones. */
export async function startPlayedTown(options: PlayedTownOptions): Promise<PlayedTown> {
  const { config, clock, log, infrastructure, town, seed } = options;
  const service = await startService({ config, clock, log, roles: ROLES, infrastructure });
  try {
    await importTown(service, options);
    const { username, password } = config.mqtt;
    const headEnd = await createHeadEnd({
      url: brokerUrl(infrastructure),
      clientId: `stillwater-town-${seed}`,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: password.reveal() }),
    });
    const phones = createPhones({
      baseUrl: service.publicBaseUrl,
      seed,
      roleOf: town.roleOf,
      checkHome: town.checkHome,
      onAnswered: ({ homeCode, outcome, at }) => {
        if (outcome === 'safe' || outcome === 'false_alarm') town.resolve(homeCode, at);
      },
    });
    const stop = async () => {
      await headEnd.close();
      await service.stop();
    };
    const settled = () => untilTaken(() => (service.ingest?.stats().messages ?? 0) >= headEnd.counts().acknowledged);
    return { service, clock, town, headEnd, phones, settled, stop };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

async function importTown({ pool }: Service, { config, clock, log, town }: PlayedTownOptions): Promise<void> {
  const csv: Readonly<Record<string, string>> = { ...town.rosterCsv() };
  const files = Object.fromEntries(Object.entries(csv).map(([kind, text]) => [kind, { path: `${kind}.csv`, text }]));
  const terms = { phoneCountries: ['CN'], defaultTimeZone: config.timeZone, actor: 'simulator' };
  const report = await importRoster({ pool, clock, log }, files, terms);
  if (!report.ok) {
    throw new AppError(
      'input_invalid',
      `the town's roster was refused:\n${report.mistakes.map(describeMistake).join('\n')}`,
    );
  }
}

async function untilTaken(isTaken: () => boolean): Promise<void> {
  while (!isTaken()) await delay(1);
}
