import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { EXIT } from '../exit-codes.ts';
import { startInfrastructure } from '../infrastructure.ts';
import { showsPhones } from '../loopback.ts';
import type { ServiceRole } from '../roles.ts';
import { type Service, type ServiceOptions, startService } from '../service.ts';
import { untilAskedToStop } from '../until-asked-to-stop.ts';

/** `stillwater serve`: runs until it is asked to stop, then finishes what is under way. */
export async function serve(roles: readonly ServiceRole[]): Promise<number> {
  const config = loadConfig(process.env);
  const log = createLogger(config.log.level);
  const needsBroker = roles.includes('ingest');
  // Listened for from the beginning: nothing that was started may outlive a Ctrl-C that comes early.
  const asked = untilAskedToStop();
  const infrastructure = await startInfrastructure(config, log, { needsBroker });
  try {
    const service = await startService({ config, clock: systemClock, log, roles, infrastructure });
    try {
      await service.scheduleJobs();
      process.stdout.write(`${introduction(service, { config, roles, infrastructure }).join('\n')}\n`);
      await asked;
    } finally {
      await service.stop();
    }
    return EXIT.done;
  } finally {
    await infrastructure.stop();
  }
}

/** What whoever started it wants to know: where to look, and what runs here. */
function introduction(
  { publicBaseUrl, localUrl }: Service,
  { config, roles, infrastructure }: Pick<ServiceOptions, 'config' | 'roles' | 'infrastructure'>,
): string[] {
  const { embedded, mqttUrl } = infrastructure;
  const hasPages = roles.includes('web');
  return [
    `stillwater is running: ${roles.join(', ')}`,
    ...(hasPages ? [`  pages         ${publicBaseUrl}/`] : []),
    `  health        ${localUrl}/health/ready`,
    ...(hasPages && showsPhones(config) ? [`  phones        ${publicBaseUrl}/phones`] : []),
    ...(mqttUrl && embedded.includes('MQTT broker') ? [`  MQTT          ${mqttUrl.reveal()}`] : []),
    ...(embedded.length > 0 ? [`  embedded      ${embedded.join(', ')}`] : []),
    'Ctrl-C stops it.',
  ];
}
