/** Rows by the home they are about, in the order in which they came. */
export function groupByHome<Row extends { readonly householdId: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const grouped = new Map<number, Row[]>();
  for (const row of rows) {
    const group = grouped.get(row.householdId);
    if (group) group.push(row);
    else grouped.set(row.householdId, [row]);
  }
  return grouped;
}
