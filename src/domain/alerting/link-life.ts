import { DAY_MS } from '../time.ts';

const READABLE_AFTER_CLOSING_DAYS = 7;

/** Whether the links of an alert have come to their end: seven days after it was closed. */
export function linksAreOver(closedAt: Date | undefined, at: Date): boolean {
  return closedAt !== undefined && at.getTime() > closedAt.getTime() + READABLE_AFTER_CLOSING_DAYS * DAY_MS;
}
