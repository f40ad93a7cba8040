import { AppError } from '../../core/errors.ts';
import {
  countQuarantine,
  findQuarantined,
  listQuarantine,
  listUnknownMeters,
  type QuarantineCount,
  type QuarantineEntry,
  type QuarantineFilter,
  type UnknownMeter,
} from '../../db/quarantine-list.ts';
import type { Db } from '../../db/sql.ts';
import { columns } from './columns.ts';
import { escapeBytes, escapeText } from './escape.ts';

export interface QuarantineListOptions extends QuarantineFilter {
  /** How many messages, and how many unknown meters, are listed at most. */
  readonly limit?: number;
  /** One JSON object instead of tables. */
  readonly json?: boolean;
}

const USUAL_LIMIT = 20;

/**
 * `stillwater quarantine list`: how many messages wait there for each reason, which meters send that nobody knows, and
 * the newest messages, a line each.
 */
export async function quarantineList(
  db: Db,
  { limit = USUAL_LIMIT, json = false, ...filter }: QuarantineListOptions,
  out: (line: string) => void,
): Promise<void> {
  const found = {
    counts: await countQuarantine(db),
    unknownMeters: await listUnknownMeters(db, limit),
    messages: await listQuarantine(db, filter, limit),
  };
  for (const line of json ? [JSON.stringify(found)] : describe(found)) out(line);
}

interface Found {
  readonly counts: readonly QuarantineCount[];
  readonly unknownMeters: readonly UnknownMeter[];
  readonly messages: readonly QuarantineEntry[];
}

function describe({ counts, unknownMeters, messages }: Found): string[] {
  if (counts.length === 0) return ['the quarantine is empty'];
  const unknown = ['', 'meters that send and that nobody registered:', ...describeUnknown(unknownMeters)];
  return [
    ...describeCounts(counts),
    ...(unknownMeters.length > 0 ? unknown : []),
    '',
    ...(messages.length > 0 ? describeEntries(messages) : ['no message is like this']),
  ];
}

/** `stillwater quarantine show <id> --raw`: what is kept of the payload, byte for byte, to work on it. */
export async function quarantinedPayload(db: Db, id: number): Promise<Uint8Array> {
  return (await find(db, id)).payload;
}

/**
 * `stillwater quarantine show <id>`: everything that is known of one message, its payload with all but plain
 * characters escaped.
 *
 * @throws AppError `input_invalid` when there is no message of this id.
 */
export async function quarantineShow(db: Db, id: number, out: (line: string) => void): Promise<void> {
  const entry = await find(db, id);
  out(`id        ${entry.id}`);
  out(`received  ${entry.receivedAt.toISOString()} (${entry.source})`);
  out(`topic     ${escapeText(entry.topic)}`);
  out(`reason    ${entry.reason}`);
  out(`detail    ${escapeText(entry.detail)}`);
  if (entry.serial !== null) out(`meter     ${entry.serial}`);
  if (entry.retriedAt) out(`retried   ${entry.retriedAt.toISOString()}: refused again`);
  if (entry.replayedAt) out(`replayed  ${entry.replayedAt.toISOString()}: taken`);
  const isWhole = entry.payload.byteLength === entry.payloadBytes;
  out(`bytes     ${entry.payloadBytes}${isWhole ? '' : `, of which the first ${entry.payload.byteLength} are kept`}`);
  out('');
  out(escapeBytes(entry.payload));
}

async function find(db: Db, id: number) {
  const entry = await findQuarantined(db, id);
  if (!entry) throw new AppError('input_invalid', `there is no message ${id} in quarantine`);
  return entry;
}

function describeCounts(counts: readonly QuarantineCount[]): string[] {
  const rows = counts.map(({ messages, reason, firstAt, lastAt }) => [
    String(messages),
    reason,
    firstAt.toISOString(),
    lastAt.toISOString(),
  ]);
  return columns([['messages', 'reason', 'first', 'last'], ...rows]);
}

function describeUnknown(meters: readonly UnknownMeter[]): string[] {
  const rows = meters.map(({ serial, messages, firstAt, lastAt, alike }) => [
    serial,
    String(messages),
    firstAt.toISOString(),
    lastAt.toISOString(),
    alike === null ? '' : `registered is ${alike}`,
  ]);
  return columns([['meter', 'messages', 'first', 'last', ''], ...rows]);
}

function describeEntries(entries: readonly QuarantineEntry[]): string[] {
  const header = ['id', 'received', 'reason', 'bytes', 'topic', 'detail'];
  const rows = entries.map(({ id, receivedAt, reason, payloadBytes, topic, detail }) => [
    String(id),
    receivedAt.toISOString(),
    reason,
    String(payloadBytes),
    escapeText(topic),
    escapeText(detail),
  ]);
  return columns([header, ...rows]);
}
