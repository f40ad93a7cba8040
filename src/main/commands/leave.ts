import { AppError } from '../../core/errors.ts';
import { recordAuditEntry } from '../../db/audit-entries.ts';
import { endLeave, type ListedLeave, listLeave, placesOf, setLeave } from '../../db/leave-list.ts';
import { type KnownPerson, personWithPhone } from '../../db/people.ts';
import { type Db, inTransaction } from '../../db/sql.ts';
import { DAY_MS } from '../../domain/time.ts';
import { auditCoverage, describeGap } from '../../roster/audit-coverage.ts';
import { columns } from './columns.ts';
import type { CommandDeps } from './command-deps.ts';

/** Whoever is away for longer does not answer for homes any more: the roster should say who does. */
const LONGEST_DAYS = 366;

export interface LeaveToSet {
  /** In E.164, as all phones here. */
  readonly phone: string;
  readonly from: Date;
  readonly until: Date;
  readonly substitute: string | undefined;
}

/**
 * `stillwater leave set`: somebody who answers for homes is away, and who stands in. It takes the place of what it
 * overlaps. Says which homes will have nobody to ask, if any.
 *
 * @throws AppError `input_invalid` when nobody has one of the phones, somebody stands in for themselves, or the times
 * make no leave.
 */
export async function leaveSet(deps: CommandDeps, { phone, from, until, substitute }: LeaveToSet): Promise<void> {
  const { pool, clock, actor, print } = deps;
  const at = clock.now();
  if (until <= from) throw new AppError('input_invalid', 'they must be back later than they leave');
  if (until <= at) throw new AppError('input_invalid', 'this leave would be over already: give a later --until');
  if (until.getTime() - from.getTime() > LONGEST_DAYS * DAY_MS) {
    throw new AppError(
      'input_invalid',
      `leave may last ${LONGEST_DAYS} days at most: take them out of the roster instead`,
    );
  }
  if (substitute === phone) throw new AppError('input_invalid', 'nobody stands in for themselves');
  const lines = await inTransaction(pool, async (tx) => {
    const person = await known(tx, phone);
    const standIn = substitute === undefined ? undefined : await known(tx, substitute);
    await setLeave(tx, { personId: person.id, awayFrom: from, awayUntil: until, substituteId: standIn?.id });
    const detail = { from, until, substitute: standIn?.id };
    await recordAuditEntry(tx, { at, actor, action: 'leave.set', subject: `person ${person.id}`, detail });
    return said(tx, { person, standIn, from, until }, at);
  });
  for (const line of lines) print(line);
}

async function said(
  tx: Db,
  {
    person,
    standIn,
    from,
    until,
  }: Omit<LeaveToSet, 'phone' | 'substitute'> & { person: KnownPerson; standIn?: KnownPerson | undefined },
  at: Date,
): Promise<string[]> {
  const { homes, communities } = await placesOf(tx, person.id);
  const who = standIn === undefined ? 'nobody stands in: they are passed over' : `${standIn.name} stands in`;
  const places = `${homes} home(s) and ${communities} community(ies)`;
  const gaps = (await auditCoverage(tx, at)).filter(({ gap }) => gap === 'all_away');
  return [
    `${person.name}, who answers for ${places}, is away from ${from.toISOString()} until ${until.toISOString()}; ${who}`,
    ...gaps.map((gap) => `! ${describeGap(gap)}`),
  ];
}

/** `stillwater leave end`: they are back. @throws AppError `input_invalid` when nobody has the phone, or they have no leave. */
export async function leaveEnd({ pool, clock, actor, print }: CommandDeps, phone: string): Promise<void> {
  const at = clock.now();
  const name = await inTransaction(pool, async (tx) => {
    const person = await known(tx, phone);
    if ((await endLeave(tx, person.id, at)) === 0) {
      throw new AppError('input_invalid', `${person.name} has no leave now or to come; see stillwater leave list`);
    }
    await recordAuditEntry(tx, { at, actor, action: 'leave.ended', subject: `person ${person.id}`, detail: {} });
    return person.name;
  });
  print(`${name} is back, and is asked again from now on`);
}

/** `stillwater leave list`: who is away or will be, and who stands in; with `all`, who was. */
export async function leaveList(
  { pool, clock, print }: CommandDeps,
  { all = false, json = false }: { readonly all?: boolean; readonly json?: boolean },
): Promise<void> {
  const leave = await listLeave(pool, { at: clock.now(), all, limit: 1_000 });
  if (json) print(JSON.stringify({ leave }));
  else if (leave.length === 0) print('nobody is on leave');
  else for (const line of columns([HEADINGS, ...leave.map(describe)])) print(line);
}

const HEADINGS = ['who', 'phone', 'from', 'until', 'substitute', 'their phone'];

function describe({ name, phone, awayFrom, awayUntil, substitute, substitutePhone }: ListedLeave): string[] {
  const times = [awayFrom, awayUntil].map((time) => time.toISOString());
  return [name, phone, ...times, substitute ?? 'nobody', substitutePhone ?? ''];
}

async function known(db: Db, phone: string): Promise<KnownPerson> {
  const person = await personWithPhone(db, phone);
  if (!person) throw new AppError('input_invalid', `nobody on the roster has the phone ${phone}`);
  return person;
}
