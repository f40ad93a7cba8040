import { AppError } from '../../core/errors.ts';
import { heldAlerts } from '../../db/alert-holds.ts';
import { recordAuditEntry } from '../../db/audit-entries.ts';
import { newestOutages, openOutages, type Outage } from '../../db/outages.ts';
import { closeOutage } from '../../detectors/areas/close-outage.ts';
import { enterWorks, type Works } from '../../detectors/areas/enter-works.ts';
import { columns } from './columns.ts';
import type { CommandDeps } from './command-deps.ts';

/** `stillwater outages`: which areas are out, what waits for them, and what waits in the queue. */
export async function outageList(
  { pool, print }: CommandDeps,
  { all = false, json = false }: { readonly all?: boolean; readonly json?: boolean },
): Promise<void> {
  const outages = all ? await newestOutages(pool, 100) : await openOutages(pool);
  const held = await heldAlerts(pool);
  if (json) {
    print(JSON.stringify({ outages, held }));
    return;
  }
  if (outages.length === 0) print(all ? 'there never was an outage' : 'no area is out');
  else for (const line of columns([HEADINGS, ...outages.map(describe)])) print(line);
  for (const { cause, count, nextUntil } of held) {
    const why = cause === 'outage' ? 'for their area' : 'in the queue: more came than can be looked after in an hour';
    print(`${count} alert(s) wait ${why}; the next deadline is ${nextUntil.toISOString()}`);
  }
}

const HEADINGS = ['id', 'area', 'cause', 'began', 'alerts wait until', 'homes', 'affected', 'waiting', 'end'];

function describe(outage: Outage): string[] {
  const { id, kind, name, cause, beganAt, heldUntil, homes, affected, held, endedAt, endedBy } = outage;
  const end = endedAt === null ? '' : `${endedAt.toISOString()} (${endedBy ?? ''})`;
  const times = [beganAt, heldUntil].map((time) => time.toISOString());
  return [String(id), `${kind} ${name}`.trim(), cause, ...times, String(homes), String(affected), String(held), end];
}

/** `stillwater works add`: works of the utility, entered ahead. */
export async function worksAdd(deps: CommandDeps, works: Omit<Works, 'by'>): Promise<void> {
  const { id, homes } = await enterWorks(deps, { ...works, by: deps.actor });
  const until = works.until.toISOString();
  deps.print(`works ${id} concern ${homes} home(s) and end by themselves at ${until}; until then their alerts wait`);
}

/** `stillwater works end`, `stillwater outages end`: nothing waits for it any longer. */
export async function outageEnd(deps: CommandDeps, id: number): Promise<void> {
  const { pool, clock, actor, print } = deps;
  if (!(await closeOutage(deps, { id, by: 'person' }))) {
    throw new AppError('input_invalid', `there is no outage ${id} that has not ended`);
  }
  const entry = { at: clock.now(), actor, action: 'outage.ended', subject: `outage ${id}`, detail: {} };
  await recordAuditEntry(pool, entry);
  print(`outage ${id} is ended; its homes are judged again now`);
}
