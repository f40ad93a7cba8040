import type { ParsedRoster, Table } from './parse-roster.ts';
import type { RosterKind, RosterMistake } from './roster-files.ts';
import type { Row } from './row-schemas.ts';

/** Rows that say the same thing twice, or two things of the same: each names the line it repeats. */
export function findDuplicates(roster: ParsedRoster): RosterMistake[] {
  const { communities, households, people, pairings, staff, leave, rota } = roster;
  return [
    ...repeats(communities, 'code', (row) => row.code),
    ...repeats(households, 'code', (row) => row.code),
    ...repeats(households, 'meter', (row) => row.meter),
    ...repeats(people, 'phone', (row) => row.phone),
    ...repeats(pairings, 'position', (row) => `${row.household}\t${row.role}\t${row.position}`),
    ...repeats(pairings, 'phone', (row) => `${row.household}\t${row.role}\t${row.phone}`),
    ...repeats(staff, 'position', (row) => `${row.community}\t${row.role}\t${row.position}`),
    ...repeats(staff, 'phone', (row) => `${row.community}\t${row.role}\t${row.phone}`),
    ...repeats(leave, 'from', (row) => `${row.phone}\t${row.from}`),
    ...repeats(rota, 'from', (row) => `${row.community}\t${row.day}\t${row.from}\t${row.phone}`),
  ];
}

/** Rows whose key an earlier row has. A row without a key repeats nothing. */
function repeats<Kind extends RosterKind>(
  { path, rows }: Table<Kind>,
  column: string,
  keyOf: (row: Row<Kind>) => string | undefined,
): RosterMistake[] {
  const firstLine = new Map<string, number>();
  return rows.flatMap((row) => {
    const key = keyOf(row);
    const earlier = key === undefined ? undefined : firstLine.get(key);
    if (earlier !== undefined) return [{ path, line: row.line, column, message: `the same as in line ${earlier}` }];
    if (key !== undefined) firstLine.set(key, row.line);
    return [];
  });
}
