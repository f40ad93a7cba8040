import { AppError } from '../../core/errors.ts';
import {
  countQuarantine,
  findQuarantined,
  listQuarantine,
  type QuarantineCount,
  type QuarantineEntry,
} from '../../db/quarantine.ts';
import type { Db } from '../../db/sql.ts';
import { escapeBytes, escapeText } from './escape.ts';

const NEWEST = 20;

/** `stillwater quarantine list`: how many messages lie there for each reason, and the newest of them, a line each. */
export async function quarantineList(db: Db, out: (line: string) => void): Promise<void> {
  const counts = await countQuarantine(db);
  if (counts.length === 0) {
    out('the quarantine is empty');
    return;
  }
  for (const line of describeCounts(counts)) out(line);
  out('');
  for (const line of describeEntries(await listQuarantine(db, { limit: NEWEST }))) out(line);
}

/**
 * `stillwater quarantine show <id>`: everything that is known of one message, its payload with all but plain
 * characters escaped.
 *
 * @throws AppError `input_invalid` when there is no message of this id.
 */
export async function quarantineShow(db: Db, id: number, out: (line: string) => void): Promise<void> {
  const entry = await findQuarantined(db, id);
  if (!entry) throw new AppError('input_invalid', `there is no message ${id} in quarantine`);
  out(`id        ${entry.id}`);
  out(`received  ${entry.receivedAt.toISOString()}`);
  out(`topic     ${escapeText(entry.topic)}`);
  out(`reason    ${entry.reason}`);
  out(`detail    ${escapeText(entry.detail)}`);
  const isWhole = entry.payload.byteLength === entry.payloadBytes;
  out(`bytes     ${entry.payloadBytes}${isWhole ? '' : `, of which the first ${entry.payload.byteLength} are kept`}`);
  out('');
  out(escapeBytes(entry.payload));
}

function describeCounts(counts: readonly QuarantineCount[]): string[] {
  return columns(counts.map(({ messages, reason }) => [String(messages), reason]));
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

/** Rows of cells as lines, each column as wide as its widest cell. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
