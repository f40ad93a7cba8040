import { AppError } from '../../core/errors.ts';
import { recordAuditEntry } from '../../db/audit-entries.ts';
import { findHouseholdId } from '../../db/meter-bindings.ts';
import { inTransaction } from '../../db/sql.ts';
import { closeTicket, listTickets, type Ticket } from '../../db/tickets.ts';
import type { Language } from '../../domain/language.ts';
import type { TicketKind } from '../../domain/metering/ticket.ts';
import { ticketReason } from '../../domain/metering/ticket-reason.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { columns } from './columns.ts';
import type { CommandDeps } from './command-deps.ts';

interface ListOptions {
  readonly kind?: TicketKind | undefined;
  readonly home?: string | undefined;
  readonly all?: boolean | undefined;
  readonly limit: number;
  readonly json?: boolean | undefined;
}

/**
 * `stillwater tickets list`: what is wrong with meters and pipes.
 *
 * @throws AppError `input_invalid` when there is no such home.
 */
export async function ticketList(
  { pool, clock, print }: CommandDeps,
  { kind, home, all = false, limit, json = false }: ListOptions,
): Promise<void> {
  if (home !== undefined && (await findHouseholdId(pool, home)) === undefined) {
    throw new AppError('input_invalid', `there is no household ${home}`);
  }
  const tickets = await listTickets(pool, { kind, home, alsoClosed: all, limit });
  if (json) print(JSON.stringify({ tickets: tickets.map(withReason) }));
  else if (tickets.length === 0) print(all ? 'there is no ticket' : 'no ticket is open');
  else {
    const rows = tickets.map((ticket) => describe(ticket, clock.now()));
    for (const line of columns([['id', 'kind', 'home', 'meter', 'state', 'reason'], ...rows])) print(line);
  }
}

function describe(ticket: Ticket, at: Date): string[] {
  const { id, kind, home = '-', meter, openedAt, closedAt, closedBy } = ticket;
  const hours = Math.floor((at.getTime() - openedAt.getTime()) / HOUR_MS);
  const state = closedAt ? `closed ${closedAt.toISOString()}${closedBy ? ` by ${closedBy}` : ''}` : `open ${hours} h`;
  return [String(id), kind, home, meter, state, reasonIn('en', ticket)];
}

/** `stillwater tickets show`. @throws AppError `input_invalid` when there is no such ticket. */
export async function ticketShow(
  { pool, print }: CommandDeps,
  { id, json = false }: { readonly id: number; readonly json?: boolean | undefined },
): Promise<void> {
  const [ticket] = await listTickets(pool, { id, alsoClosed: true, limit: 1 });
  if (!ticket) throw new AppError('input_invalid', `there is no ticket ${id}: see \`stillwater tickets list\``);
  if (json) {
    print(JSON.stringify(withReason(ticket)));
    return;
  }
  for (const line of columns(factsOf(ticket))) print(line);
}

function factsOf(ticket: Ticket): string[][] {
  const { id, kind, home, community = '', meter, gateway = 'none', openedAt, evidence } = ticket;
  const { lastSeenAt, reopened } = evidence;
  return [
    ['ticket', `${id}, ${kind}`],
    ...(home === undefined ? [] : [['home', `${home}, ${community}`]]),
    ['meter', `${meter}, gateway ${gateway}`],
    ['opened', openedAt.toISOString()],
    ...(lastSeenAt ? [['last seen', lastSeenAt.toISOString()]] : []),
    ...(reopened === undefined ? [] : [['came back', `${reopened} time(s)`]]),
    ...closing(ticket),
    ['reason', reasonIn('en', ticket)],
    ['原因', reasonIn('zh-CN', ticket)],
  ];
}

function closing({ closedAt, closedBy = 'itself', closeNote }: Ticket): string[][] {
  if (!closedAt) return [];
  return [['closed', `${closedAt.toISOString()} by ${closedBy}${closeNote && `: ${closeNote}`}`]];
}

/** `stillwater tickets close`. @throws AppError `input_invalid` when it is not open, or nobody is named. */
export async function ticketClose(
  { pool, clock, print }: CommandDeps,
  { id, by, note }: { readonly id: number; readonly by: string; readonly note: string },
): Promise<void> {
  if (by.trim() === '') throw new AppError('input_invalid', 'say who closes it: --by NAME');
  await inTransaction(pool, async (tx) => {
    const at = clock.now();
    if (!(await closeTicket(tx, { id, by: by.trim(), note: note.trim(), at }))) {
      throw new AppError('input_invalid', `there is no ticket ${id} that is open: see \`stillwater tickets list\``);
    }
    await recordAuditEntry(tx, { at, actor: by.trim(), action: 'ticket.closed', subject: `ticket ${id}`, detail: {} });
  });
  print(`ticket ${id} is closed; it opens anew where the fault begins again, or is still there in 14 days`);
}

function reasonIn(language: Language, { kind, evidence, timeZone = 'UTC' }: Ticket): string {
  return ticketReason(kind, evidence, language, timeZone);
}

function withReason(ticket: Ticket) {
  return { ...ticket, reason: { en: reasonIn('en', ticket), 'zh-CN': reasonIn('zh-CN', ticket) } };
}
