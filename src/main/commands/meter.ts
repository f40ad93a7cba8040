import { bindingsOf, type MeterBinding } from '../../db/meter-bindings.ts';
import {
  flagsOf,
  listMeters,
  type ListedMeter,
  type MeterListFilter,
  newestReading,
  type ReportedFlag,
  type StoredReading,
} from '../../db/meter-overview.ts';
import { countWaiting } from '../../db/quarantine-replay.ts';
import type { Db } from '../../db/sql.ts';
import { knownMeter } from '../../roster/change-meters.ts';
import { columns } from './columns.ts';

const END_OF_TIME = new Date('9999-12-31T00:00:00Z');

/** `stillwater meter list`: the meters, a line each, or one JSON object. */
export async function meterList(
  db: Db,
  { json = false, ...filter }: MeterListFilter & { readonly json?: boolean },
  out: (line: string) => void,
): Promise<void> {
  const meters = await listMeters(db, filter);
  if (json) out(JSON.stringify({ meters }));
  else if (meters.length === 0) out('there is no meter like this');
  else for (const line of describeMeters(meters)) out(line);
}

/**
 * `stillwater meter show <serial>`: where a meter was, is and is going to be, what its dial showed when it came and
 * went, what it says of itself, and its newest reading.
 *
 * @throws AppError `input_invalid` when nobody registered it.
 */
export async function meterShow(
  db: Db,
  serial: string,
  { json = false }: { readonly json?: boolean },
  out: (line: string) => void,
): Promise<void> {
  const meter = await knownMeter(db, serial);
  const shown = {
    serial,
    nominalIntervalS: meter.nominalIntervalS,
    registerCapacityL: meter.registerCapacityL,
    newest: await newestReading(db, meter.id, END_OF_TIME),
    bindings: await bindingsOf(db, meter.id),
    flags: await flagsOf(db, meter.id),
    quarantined: (await countWaiting(db, { serial })).whole,
  };
  for (const line of json ? [JSON.stringify(shown)] : describeMeter(shown)) out(line);
}

interface ShownMeter {
  readonly serial: string;
  readonly nominalIntervalS: number;
  readonly registerCapacityL: number | null;
  readonly newest: StoredReading | undefined;
  readonly bindings: readonly MeterBinding[];
  readonly flags: readonly ReportedFlag[];
  readonly quarantined: number;
}

function describeMeter({ newest, bindings, flags, quarantined, ...meter }: ShownMeter): string[] {
  return [
    `serial       ${meter.serial}`,
    `interval     ${meter.nominalIntervalS} s`,
    `capacity     ${meter.registerCapacityL === null ? 'unknown' : `${meter.registerCapacityL} L`}`,
    `newest       ${newest ? describeReading(newest) : 'no reading'}`,
    `quarantined  ${quarantined}`,
    '',
    ...(bindings.length > 0 ? describeBindings(bindings) : ['it was at no home yet']),
    ...(flags.length > 0 ? ['', ...describeFlags(flags)] : []),
  ];
}

function describeReading({ readAt, indexL, receivedAt }: StoredReading): string {
  return `${indexL} L at ${readAt.toISOString()}, received ${receivedAt.toISOString()}`;
}

function describeBindings(bindings: readonly MeterBinding[]): string[] {
  const rows = bindings.map(({ household, boundFrom, boundUntil, firstIndexL, finalIndexL }) => [
    household,
    boundFrom.toISOString(),
    boundUntil?.toISOString() ?? 'further notice',
    firstIndexL === null ? '' : `${firstIndexL} L`,
    finalIndexL === null ? '' : `${finalIndexL} L`,
  ]);
  return columns([['home', 'from', 'until', 'first index', 'final index'], ...rows]);
}

function describeFlags(flags: readonly ReportedFlag[]): string[] {
  const rows = flags.map(({ flag, firstReportedAt, lastReportedAt }) => [
    flag,
    firstReportedAt.toISOString(),
    lastReportedAt.toISOString(),
  ]);
  return columns([['flag', 'first reported', 'last reported'], ...rows]);
}

function describeMeters(meters: readonly ListedMeter[]): string[] {
  const rows = meters.map(({ serial, household, boundFrom, lastReadAt }) => [
    serial,
    household ?? '',
    boundFrom?.toISOString() ?? '',
    lastReadAt?.toISOString() ?? 'none',
  ]);
  return columns([['meter', 'home', 'since', 'newest reading'], ...rows]);
}
