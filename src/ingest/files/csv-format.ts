import { isUtf8 } from 'node:buffer';
import { AppError } from '../../core/errors.ts';
import type { Result } from '../../core/result.ts';
import { volumeOf, wholeLitres } from '../../domain/metering/volume.ts';
import type { DecodedMessage, Rejection } from '../decoders/decoder.ts';
import type { LineFormat } from './line-format.ts';
import { mismatch, readNative } from './read-native.ts';
import { splitCells } from './split-cells.ts';

const COLUMNS = ['meter', 'at', 'index_l', 'index_m3', 'status', 'reason'] as const;
type Column = (typeof COLUMNS)[number];
const SEPARATORS = [',', ';', '\t'] as const;

/** Which cell of a line holds what; the number of cells; what stands between them. */
interface Layout {
  readonly at: Readonly<Partial<Record<Column, number>>>;
  readonly cells: number;
  readonly separator: string;
}

const NOT_UTF8 = 'not UTF-8 (perhaps GBK): save the sheet again as "CSV UTF-8"';
const TIME_WITH_ZONE = /^\d{4}-[0-9T:.+-]{1,40}(?:Z|[+-]\d\d:\d\d)$/;
const WHOLE_LITRES = /^\d{1,15}$/;
const FLAG_WORD = /^[A-Za-z_-]{1,32}$/;

/**
 * CSV with one line a reading: `meter`, `at` and either `index_l` or `index_m3`, in any order, and optionally `status`.
 * A column `reason` is not read. Cells are separated by commas, semicolons or tabs, as the header is.
 *
 * @throws AppError `input_invalid` when the header cannot be used.
 */
export function csvFormat(header: Buffer): LineFormat {
  if (!isUtf8(header)) throw refusal(NOT_UTF8);
  const names = withoutLineEnd(header.toString('utf8'));
  const layout = layoutOf(names);
  const { separator } = layout;
  const isReasonFirst = layout.at.reason === 0;
  return {
    name: 'csv',
    hasHeader: true,
    isClosed: false,
    read: (line, receivedAt) => readLine(line, layout, receivedAt),
    rejectedHeader: Buffer.from(`${isReasonFirst ? names : `reason${separator}${names}`}\n`),
    withReason: (line, reason) => {
      const kept = isReasonFirst ? withoutFirstCell(line, separator) : line;
      return Buffer.concat([Buffer.from(`"${reason.replaceAll('"', '""')}"${separator}`), kept, Buffer.from('\n')]);
    },
  };
}

function readLine(line: Buffer, layout: Layout, receivedAt: Date): Result<DecodedMessage, Rejection> | undefined {
  if (!isUtf8(line)) return mismatch(NOT_UTF8);
  const cells = splitCells(withoutLineEnd(line.toString('utf8')), layout.separator);
  if (cells === undefined) return mismatch('a quotation mark is out of place, or left open');
  if (cells.every((cell) => cell === '')) return undefined;
  if (cells.length !== layout.cells) {
    return mismatch(`expected ${layout.cells} cells as in the header, found ${cells.length}`);
  }
  const cell = (column: Column) => cells[layout.at[column] ?? -1] ?? '';
  const index = layout.at.index_l === undefined ? fromCubicMetres(cell('index_m3')) : fromLitres(cell('index_l'));
  const at = cell('at');
  const flags = cell('status').split(/[ |]+/).filter(Boolean);
  if (cell('meter') === '') return mismatch('meter: is missing');
  if (!TIME_WITH_ZONE.test(at)) return mismatch('at: expected a time with its zone, such as 2026-11-23T08:00:00+08:00');
  if (index === undefined) return mismatch(expectedIndex(layout));
  if (!flags.every((flag) => FLAG_WORD.test(flag))) return mismatch('status: expected words such as leak or battery');
  const status = flags.length > 0 ? `,"status":["${flags.join('","')}"]` : '';
  return readNative(cell('meter'), Buffer.from(`{"at":"${at}","index_l":${index}${status}}`), receivedAt);
}

function fromLitres(cell: string): number | undefined {
  return WHOLE_LITRES.test(cell) ? Number(cell) : undefined;
}

function fromCubicMetres(cell: string): number | undefined {
  const volume = volumeOf(cell, { unit: 'm3' });
  return volume && wholeLitres(volume);
}

function expectedIndex({ at }: Layout): string {
  return at.index_l === undefined
    ? 'index_m3: expected cubic metres with a decimal point, such as 123.456'
    : 'index_l: expected whole litres, such as 123456';
}

function layoutOf(header: string): Layout {
  const separator = SEPARATORS.find((candidate) => header.includes(candidate)) ?? ',';
  const names = splitCells(header, separator)?.map((name) => name.toLowerCase()) ?? [];
  const faults = faultsOf(names);
  if (faults.length > 0) throw refusal(faults.join('; '));
  const at = Object.fromEntries(names.map((name, position) => [name, position] as const).toReversed());
  return { at, cells: names.length, separator };
}

function faultsOf(names: readonly string[]): string[] {
  const known: readonly string[] = COLUMNS;
  const has = (name: Column) => names.includes(name);
  return [
    ...(['meter', 'at'] as const).filter((name) => !has(name)).map((name) => `the column ${name} is missing`),
    ...(has('index_l') === has('index_m3') ? ['there must be one column index_l or index_m3'] : []),
    ...names.filter((name) => !known.includes(name)).map((name) => `unknown column "${name.slice(0, 40)}"`),
    ...names
      .filter((name, position) => name !== 'reason' && names.indexOf(name) !== position)
      .map((name) => `the column ${name} comes twice`),
  ];
}

function refusal(fault: string): AppError {
  const example = 'the first line must name the columns, such as meter,at,index_l';
  const message = `line 1: ${fault} (${example})`;
  return new AppError('input_invalid', message, { publicMessage: message });
}

/** The line behind its first cell, byte by byte as it is; the whole line where that cell cannot be made out. */
function withoutFirstCell(line: Buffer, separator: string): Buffer {
  const text = line.toString('latin1');
  const quoted = /^\s*"(?:[^"]|"")*"\s*/.exec(text);
  const from = quoted && text[quoted[0].length] === separator ? quoted[0].length : text.indexOf(separator);
  return line.subarray(from + 1);
}

function withoutLineEnd(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
