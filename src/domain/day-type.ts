const known = new Map<string, boolean>();
/** Some years: more are not asked about by one town. */
const MOST_KNOWN = 4_000;

/**
 * Whether people are commonly off work on a calendar date (`2026-03-01`): Saturday and Sunday. It remembers what it was
 * asked: of each pause of each home the same days are asked about.
 */
export function isDayOff(localDate: string): boolean {
  let isOff = known.get(localDate);
  if (isOff === undefined) {
    const weekday = new Date(`${localDate}T00:00:00Z`).getUTCDay();
    isOff = weekday === 0 || weekday === 6;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(localDate, isOff);
  }
  return isOff;
}
