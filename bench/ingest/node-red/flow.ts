import { READING_TOPICS } from '../connect-subscriber.ts';
import { INSERT_MANY, INSERT_ONE } from '../insert-statements.ts';
import type { Load } from '../workload.ts';

export interface FlowSetting {
  readonly brokerPort: number;
  readonly mqttVersion: 4 | 5;
  readonly databaseUrl: string;
  readonly firstMeterId: number;
  readonly load: Load;
}

/** `a message`: an insert each. `joined`: 500 messages, or those of a second, in one insert. */
export type FlowKind = 'a message' | 'joined';

const JOIN_MESSAGES = 500;
const JOIN_SECONDS = 1;

/** The flow as it would be drawn: mqtt in, (join,) function, PostgreSQL node. */
export function flowOf(setting: FlowSetting, kind: FlowKind): object[] {
  const isOneRow = kind === 'a message' && setting.load === 'single';
  const first = kind === 'joined' ? 'join' : 'rows';
  return [
    { id: 'tab', type: 'tab', label: 'readings' },
    brokerNode(setting),
    databaseNode(new URL(setting.databaseUrl)),
    { ...place('in', 'mqtt in'), ...mqttIn(), wires: [[first]] },
    ...(kind === 'joined' ? [{ ...place('join', 'join'), ...JOIN, wires: [['rows']] }] : []),
    { ...place('rows', 'function'), ...functionNode(rowsFunction(setting.firstMeterId, isOneRow)), wires: [['store']] },
    {
      ...place('store', 'postgrestor'),
      query: isOneRow ? INSERT_ONE : INSERT_MANY,
      postgresDB: 'database',
      throwErrors: false,
      wires: [[]],
    },
  ];
}

function place(id: string, type: string): object {
  return { id, type, z: 'tab', x: 0, y: 0 };
}

function brokerNode({ brokerPort, mqttVersion }: FlowSetting): object {
  return {
    id: 'broker',
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(brokerPort),
    clientid: 'bench-node-red',
    autoConnect: true,
    usetls: false,
    protocolVersion: String(mqttVersion),
    keepalive: '60',
    cleansession: false,
    sessionExpiry: '3600',
  };
}

function mqttIn(): object {
  return {
    topic: READING_TOPICS[0],
    qos: '1',
    datatype: 'json',
    broker: 'broker',
    nl: false,
    rap: true,
    rh: 0,
    inputs: 0,
  };
}

function databaseNode(url: URL): object {
  return {
    id: 'database',
    type: 'postgresDB',
    host: url.hostname,
    port: url.port,
    database: url.pathname.slice(1),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ssl: 'false',
    sslFieldType: 'bool',
    max: '10',
    maxFieldType: 'num',
    min: '10',
    minFieldType: 'num',
  };
}

const JOIN = {
  mode: 'custom',
  build: 'array',
  property: 'payload',
  propertyType: 'msg',
  key: 'topic',
  joiner: '\\n',
  joinerType: 'str',
  accumulate: false,
  timeout: String(JOIN_SECONDS),
  count: String(JOIN_MESSAGES),
};

function functionNode(func: string): object {
  return { func, outputs: 1, timeout: 0, noerr: 0, initialize: '', finalize: '', libs: [] };
}

/** The meter's id is in its serial, so no meter is looked up. */
function rowsFunction(firstMeterId: number, isOneRow: boolean): string {
  const lines = isOneRow
    ? [
        'const { meter, at, index_l } = msg.payload;',
        `return { params: [${firstMeterId} + Number(meter.slice(-8)), at, index_l, new Date()] };`,
      ]
    : [
        'const meters = [], times = [], litres = [];',
        'for (const message of [msg.payload].flat()) {',
        `  const id = ${firstMeterId} + Number(message.meter.slice(-8));`,
        '  for (const { at, index_l } of message.readings ?? [message]) {',
        '    meters.push(id); times.push(at); litres.push(index_l);',
        '  }',
        '}',
        'return { params: [meters, times, litres, new Date()] };',
      ];
  return lines.join('\n');
}
