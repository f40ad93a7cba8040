import type { StartedParts } from '../started-parts.ts';
import { findDebianPostgres, startDebianPostgres } from './debian-postgres.ts';
import { findMosquitto, startMosquitto } from './mosquitto.ts';
import type { Stack } from './stack.ts';

/** Starts the machine's own PostgreSQL and Mosquitto; the reason where one of them is missing. */
export async function startServicesStack(started: StartedParts): Promise<Stack | { readonly missing: string }> {
  const bin = findDebianPostgres();
  const mosquitto = findMosquitto();
  if (bin === undefined) return { missing: 'PostgreSQL is not installed (apt-get install postgresql)' };
  if (mosquitto === undefined) return { missing: 'Mosquitto is not installed (apt-get install mosquitto)' };
  const postgres = await startDebianPostgres(bin, started);
  return {
    name: 'services',
    about: `${postgres.about}, ${mosquitto.about}`,
    postgres,
    mqttVersion: 5,
    startBroker: startMosquitto,
  };
}
