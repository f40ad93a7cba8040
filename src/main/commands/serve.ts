import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { EXIT } from '../exit-codes.ts';
import { startInfrastructure } from '../infrastructure.ts';
import type { ServiceRole } from '../roles.ts';
import { startService } from '../service.ts';
import { untilAskedToStop } from '../until-asked-to-stop.ts';

/** `stillwater serve`: runs until it is asked to stop, then finishes what is under way. */
export async function serve(roles: readonly ServiceRole[]): Promise<number> {
  const config = loadConfig(process.env);
  const log = createLogger(config.log.level);
  const needsBroker = roles.includes('ingest');
  const infrastructure = await startInfrastructure(config, log, needsBroker);
  try {
    const service = await startService({ config, clock: systemClock, log, roles, infrastructure });
    await service.scheduleJobs();
    const lines = [
      `stillwater is running: ${roles.join(', ')}`,
      ...(roles.includes('web') ? [`  pages         ${service.publicBaseUrl}/`] : []),
      `  health        ${service.localUrl}/health/ready`,
      ...(roles.includes('web') && config.sms.driver === 'log'
        ? [`  phones        ${service.publicBaseUrl}/phones`]
        : []),
      ...(infrastructure.embedded.includes('MQTT broker')
        ? [`  MQTT          ${infrastructure.mqttUrl.reveal()}`]
        : []),
      ...(infrastructure.embedded.length > 0 ? [`  embedded      ${infrastructure.embedded.join(', ')}`] : []),
      'Ctrl-C stops it.',
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    await untilAskedToStop();
    await service.stop();
    return EXIT.done;
  } finally {
    await infrastructure.stop();
  }
}
