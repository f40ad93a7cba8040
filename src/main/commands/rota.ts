import { AppError } from '../../core/errors.ts';
import { type ListedShift, listShifts } from '../../db/leave-list.ts';
import { clockText, wallTimeAt } from '../../domain/wall-time.ts';
import { auditRota, describeSlot } from '../../roster/audit-rota.ts';
import { columns } from './columns.ts';
import type { CommandDeps } from './command-deps.ts';

export interface RotaQuestion {
  /** The code of one community; all that have a rota when left out. */
  readonly community?: string | undefined;
  readonly json?: boolean | undefined;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const HEADINGS = ['community', 'day', 'from', 'until', 'who', 'phone'];

/**
 * `stillwater rota list`: the shifts of the duty desks, and the slots of the coming week that nobody fills.
 *
 * @throws AppError `input_invalid` when that community has no rota.
 */
export async function rotaList(
  { pool, clock, print, timeZone }: CommandDeps & { readonly timeZone: string },
  { community, json = false }: RotaQuestion,
): Promise<void> {
  const at = clock.now();
  const shifts = await listShifts(pool, { community, date: wallTimeAt(at, timeZone).date });
  if (community !== undefined && shifts.length === 0) {
    throw new AppError(
      'input_invalid',
      `${community} has no rota: the people of staff.csv answer; see docs/roster-files.md`,
    );
  }
  const gaps = (await auditRota(pool, at, timeZone)).filter((gap) => [undefined, gap.community].includes(community));
  if (json) {
    print(JSON.stringify({ shifts, gaps }));
    return;
  }
  if (shifts.length === 0) print('no duty desk has a rota: the people of staff.csv answer');
  else for (const line of columns([HEADINGS, ...shifts.map(describe)])) print(line);
  for (const gap of gaps) print(`! ${describeSlot(gap)}: the people of staff.csv answer`);
  if (shifts.length > 0 && gaps.length === 0) print('every slot of the coming week is filled');
}

function describe({ community, weekday, date, fromMinute, untilMinute, name, phone }: ListedShift): string[] {
  const day = date ?? DAYS[(weekday ?? 1) - 1] ?? '';
  return [community, day, clockText(fromMinute), clockText(untilMinute), name, phone];
}
