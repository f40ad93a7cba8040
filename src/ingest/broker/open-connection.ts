import { connect as connectTcp, isIP } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { IClientOptions, MqttClient } from 'mqtt';
import { streamBuilder } from 'mqtt/lib/connect/ws';

const SCHEMES = ['mqtt', 'mqtts', 'ws', 'wss'] as const;

/** Where a broker is, and how it is reached. */
export interface Whereabouts {
  readonly protocol: (typeof SCHEMES)[number];
  readonly hostname: string;
  readonly port: number | undefined;
  /** For WebSocket. */
  readonly path: string;
  /** Who we are, where the URL says it. */
  readonly username?: string;
  readonly password?: string;
}

const TCP_PORT = 1883;
const TLS_PORT = 8883;

/** Reads the URL of a broker. */
export function whereaboutsOf(url: string): Whereabouts {
  const { protocol: scheme, hostname, port, pathname, search, username, password } = new URL(url);
  const protocol = SCHEMES.find((each) => `${each}:` === scheme);
  if (protocol === undefined)
    throw new TypeError(`an MQTT broker is reached by ${SCHEMES.join(', ')}, not by ${scheme}`);
  return {
    protocol,
    hostname,
    port: port === '' ? undefined : Number(port),
    path: pathname + search,
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}

/** More is not read at once. */
const READ_BYTES = 64 * 1024;

/**
 * Opens a connection over which MQTT can be spoken, and hands over what comes, in memory that is used again after that. A
 * certificate must be one that this machine trusts.
 */
export function openConnection(
  { protocol, hostname, port, path }: Whereabouts,
  client: MqttClient,
  onBytes: (bytes: Buffer) => void,
): Duplex {
  // In a URL, an IPv6 address stands in brackets.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (bytes: number) => {
    onBytes(buffer.subarray(0, bytes));
    return true;
  };
  const onread = { buffer, callback };
  if (protocol === 'mqtt') return connectTcp({ host, port: port ?? TCP_PORT, onread });
  if (protocol === 'mqtts') {
    // A name tells the server which certificate to show; an address must not.
    const name = isIP(host) === 0 ? { servername: host } : {};
    return connectTls({ host, port: port ?? TLS_PORT, ...name }).on('data', onBytes);
  }
  const options: IClientOptions = { protocol, hostname, path, ...(port !== undefined && { port }) };
  return Duplex.from(streamBuilder(client, options)).on('data', onBytes);
}
