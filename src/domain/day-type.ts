/** Whether people are commonly off work on a calendar date (`2026-03-01`): Saturday and Sunday. */
export function isDayOff(localDate: string): boolean {
  const weekday = new Date(`${localDate}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}
