import type { Config } from '../config/config.ts';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Whether the pages are served to programs and people at this very machine only. */
export function isLoopback({ host }: Config['http']): boolean {
  return LOOPBACK.includes(host);
}

/** The inboxes of the log driver show live links to whoever asks: only to people at this very machine. */
export function showsPhones({ sms, http }: Config): boolean {
  return sms.every(({ driver }) => driver === 'log') && isLoopback(http);
}
