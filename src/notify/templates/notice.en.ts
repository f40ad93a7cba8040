import type { Telling } from './telling.ts';

const SHOWS = {
  dry: 'have no water',
  silent: 'are not heard of',
  works: 'are in announced works',
  feed: 'get no readings in',
} as const;

/** What is told of an area, or asked about a home of which the water tells nothing. Only the daily word carries a link: to stop it. */
export function noticeEn(telling: Telling): string {
  const { intent, home, area, cause, affected, homes, until, hours, used, stopUrl } = telling;
  switch (intent) {
    case 'area_outage':
      return `Stillwater: ${area}: ${affected} of ${homes} homes ${SHOWS[cause]}. Alerts of too little water wait until ${until}, then go out.`;
    case 'look_in':
      return `Stillwater: for ${hours} h the meter of ${home} tells nothing, good or bad. Please look in when you can.`;
    case 'absence_ended':
      return `Stillwater: water is used again at ${home}. The absence on file is ended, the watch goes on.`;
    case 'daily_word':
      return `Stillwater: ${home}: water used ${usedEn(used)}. ${stopUrl ? `To stop: ${stopUrl}` : 'To stop, reply NODAILY'}`;
    case 'roster_gap':
      return `Stillwater: homes without people to ask in the next 7 days: ${gapHomesEn(telling)}; duty slots without anyone: ${gapSlotsEn(telling)}. Please fill them.`;
    case 'gateway_fault':
      return `Stillwater: the SMS gateway ${telling.gateway} refuses our account: ${refusalEn(telling)}. Texts go through another one or wait. Please see to it.`;
    case 'ticket_digest':
      return ticketsEn(telling.tickets);
  }
}

function ticketsEn({ open, fresh, tampered, drifts }: Telling['tickets']): string {
  return `Stillwater: tickets for meters and pipes: ${open} open, ${fresh} new, ${tampered} for tampering; homes whose habits change: ${drifts}. Please see to them.`;
}

/** Which homes will have nobody of their own to ask: `3 (H0042 first)`. */
export function gapHomesEn({ homes, firstHome = '' }: Telling): string {
  return homes > 1 ? `${homes} (${firstHome} first)` : firstHome || 'none';
}

export function gapSlotsEn({ slots, slotFrom }: Telling): string {
  return slots === 0 ? 'none' : `${slots}, from ${slotFrom}`;
}

const REFUSALS = {
  account: 'account blocked',
  balance: 'no balance left',
  sender: 'sender or signature invalid',
  template: 'template invalid',
} as const;

export function refusalEn({ refusal }: Pick<Telling, 'refusal'>): string {
  return REFUSALS[refusal];
}

export function usedEn({ from, by }: Telling['used']): string {
  return from === undefined ? by : `between ${from} and ${by}`;
}
