import { AppError } from '../../core/errors.ts';
import { endAbsence, listAbsences, type ListedAbsence } from '../../db/absences.ts';
import { recordAuditEntry } from '../../db/audit-entries.ts';
import { candidatesFor } from '../../db/escalation-people.ts';
import { findHouseholdId } from '../../db/meter-bindings.ts';
import { inTransaction } from '../../db/sql.ts';
import type { Role } from '../../domain/alerting/escalation-policy.ts';
import { setAbsence } from '../../roster/set-absence.ts';
import { columns } from './columns.ts';
import type { CommandDeps } from './command-deps.ts';

export interface AbsenceToSet {
  readonly household: string;
  readonly from: Date;
  readonly until: Date;
  /** Whose word it is: the n-th guardian, contact, supervisor or desk of the home; the operator's own when left out. */
  readonly saidBy: { readonly role: Role; readonly position: number } | undefined;
}

/**
 * `stillwater absence set`: a home is empty from and until a time.
 *
 * @throws AppError `input_invalid` when there is no such home or person, or the absence has no end in sight.
 */
export async function absenceSet(deps: CommandDeps, absence: AbsenceToSet): Promise<void> {
  const { pool, clock, actor, print } = deps;
  const { household, from: awayFrom, until: awayUntil, saidBy } = absence;
  const householdId = await knownHousehold(deps, household);
  const person = saidBy && (await candidatesFor(pool, householdId)).find((each) => matches(each, saidBy));
  if (saidBy && !person) throw new AppError('input_invalid', `${household} has no ${saidBy.role} ${saidBy.position}`);
  const declaredBy = person === undefined ? {} : { declaredBy: person.personId };
  await setAbsence(deps, { householdId, awayFrom, awayUntil, source: 'operator', ...declaredBy });
  const detail = { from: awayFrom, until: awayUntil, saidBy: saidBy?.role };
  await recordAuditEntry(pool, { at: clock.now(), actor, action: 'absence.set', subject: household, detail });
  print(`${household} is away until ${awayUntil.toISOString()}; water that runs there ends it sooner`);
}

/** `stillwater absence end`: they are back. @throws AppError `input_invalid` when the home is not away. */
export async function absenceEnd(deps: CommandDeps, household: string): Promise<void> {
  const { pool, clock, actor, print } = deps;
  const householdId = await knownHousehold(deps, household);
  await inTransaction(pool, async (tx) => {
    const at = clock.now();
    if ((await endAbsence(tx, { householdId, at, by: 'person' })) === 0) {
      throw new AppError('input_invalid', `${household} is not away`);
    }
    await recordAuditEntry(tx, { at, actor, action: 'absence.ended', subject: household, detail: {} });
  });
  print(`${household} is back; the watch goes on`);
}

/** `stillwater absence list`: who is away or will be; with `all`, who was. */
export async function absenceList(
  { pool, clock, print }: CommandDeps,
  { all = false, json = false }: { readonly all?: boolean; readonly json?: boolean },
): Promise<void> {
  const absences = await listAbsences(pool, { at: clock.now(), all, limit: 500 });
  if (json) print(JSON.stringify({ absences }));
  else if (absences.length === 0) print('nobody is away');
  else for (const line of columns([HEADINGS, ...absences.map(describe)])) print(line);
}

const HEADINGS = ['home', 'from', 'until', 'said by', 'ended'];

function describe({ code, awayFrom, awayUntil, saidBy, source, endedAt, endedBy }: ListedAbsence): string[] {
  const end = endedAt === null ? '' : `${endedAt.toISOString()} (${endedBy ?? ''})`;
  return [code, awayFrom.toISOString(), awayUntil.toISOString(), saidBy ?? source, end];
}

async function knownHousehold({ pool }: CommandDeps, household: string): Promise<number> {
  const id = await findHouseholdId(pool, household);
  if (id === undefined) throw new AppError('input_invalid', `there is no household ${household}`);
  return id;
}

function matches(
  candidate: { readonly role: Role; readonly position: number },
  { role, position }: { readonly role: Role; readonly position: number },
): boolean {
  return candidate.role === role && candidate.position === position;
}
