import type { KnownRoster } from './known-roster.ts';
import type { ParsedRoster, Table } from './parse-roster.ts';
import type { RosterKind, RosterMistake } from './roster-files.ts';
import type { CommunityLevel } from './row-schemas.ts';
import { momentOf } from './write-duty.ts';

interface Line {
  readonly line: number;
}

const NOBODY = 'nobody has this phone; people.csv must name them';

/** Rows that name a community, home or person that neither the files nor the database know. */
export function findBrokenReferences(roster: ParsedRoster, known: KnownRoster): RosterMistake[] {
  const { communities, households, people, pairings, staff, leave, rota } = roster;
  const isHousehold = knownBy(households, known.households);
  const isPerson = knownBy(people, known.people);
  const isCommunity = knownBy(communities, known.communities);
  return [
    ...refused(households, 'community', 'unknown community', ({ community }) => isCommunity(community)),
    ...refused(pairings, 'household', 'unknown household', ({ household }) => isHousehold(household)),
    ...refused(pairings, 'phone', NOBODY, ({ phone }) => isPerson(phone)),
    ...refused(staff, 'community', 'unknown community', ({ community }) => isCommunity(community)),
    ...refused(staff, 'phone', NOBODY, ({ phone }) => isPerson(phone)),
    ...refused(leave, 'phone', NOBODY, ({ phone }) => isPerson(phone)),
    ...refused(leave, 'substitute', NOBODY, ({ substitute }) => substitute === undefined || isPerson(substitute)),
    ...refused(rota, 'community', 'unknown community', ({ community }) => isCommunity(community)),
    ...refused(rota, 'phone', NOBODY, ({ phone }) => isPerson(phone)),
    ...refused(communities, 'parent', 'unknown community', ({ parent }) => parent === undefined || isCommunity(parent)),
  ];
}

/** Communities that stand in the wrong place of the tree, and homes that hang on something other than a leaf. */
export function findMisplaced({ communities, households }: ParsedRoster, known: KnownRoster): RosterMistake[] {
  const levels = new Map([...known.communities, ...communities.rows.map(({ code, level }) => [code, level] as const)]);
  const belowIt = (parent: string | undefined, expected: CommunityLevel | undefined) => {
    const level = parent === undefined ? undefined : levels.get(parent);
    // A parent of unknown level has been refused already.
    return (parent !== undefined && level === undefined) || level === expected;
  };
  return [
    ...refused(communities, 'level', 'a community keeps the level it was imported with', ({ code, level }) =>
      [undefined, level].includes(known.communities.get(code)),
    ),
    ...refused(communities, 'parent', 'a city has none, a town belongs to a city, a community to a town', (row) =>
      belowIt(row.parent, PARENT_LEVEL[row.level]),
    ),
    ...refused(households, 'community', 'this is a city or a town; a household belongs to a community', (row) =>
      belowIt(row.community, 'community'),
    ),
  ];
}

const PARENT_LEVEL: Readonly<Record<CommunityLevel, CommunityLevel | undefined>> = {
  city: undefined,
  town: 'city',
  community: 'town',
};

/** Meters that another home has and keeps. Homes may exchange their meters within one import. */
export function findMeterMistakes({ households }: ParsedRoster, { homeOfMeter }: KnownRoster): RosterMistake[] {
  const meterGivenTo = new Map(households.rows.map(({ code, meter }) => [code, meter]));
  const isFree = (meter: string, code: string) => {
    const holder = homeOfMeter.get(meter);
    if (holder === undefined || holder === code) return true;
    const replacement = meterGivenTo.get(holder);
    return replacement !== undefined && replacement !== meter;
  };
  const needsMeter = 'a meter must stand in the same line';
  return [
    ...refused(
      households,
      'meter',
      'this meter is at another household',
      ({ code, meter }) => meter === undefined || isFree(meter, code),
    ),
    ...refused(
      households,
      'meter_nominal_interval_s',
      needsMeter,
      (row) => row.meter !== undefined || row.meter_nominal_interval_s === undefined,
    ),
    ...refused(
      households,
      'meter_register_capacity_l',
      needsMeter,
      (row) => row.meter !== undefined || row.meter_register_capacity_l === undefined,
    ),
  ];
}

/** Leave that ends before it begins, people who stand in for themselves, shifts of no length, and hours that are none. */
export function findImpossibleDuty({ pairings, leave, rota }: ParsedRoster, timeZone: string): RosterMistake[] {
  return [
    ...refused(
      pairings,
      'until',
      'hours have a beginning and an end: fill in both, or neither for any hour',
      ({ from, until }) => (from === undefined) === (until === undefined),
    ),
    ...refused(pairings, 'from', 'hours begin before 24:00', ({ from = 0 }) => from < 1_440),
    ...refused(pairings, 'until', 'hours that end at midnight end at 24:00', ({ until = 1 }) => until > 0),
    ...refused(
      pairings,
      'until',
      'hours end at another time than they begin; leave both empty for any hour',
      ({ from, until }) => from === undefined || from !== until,
    ),
    ...refused(
      leave,
      'back',
      'they must be back later than they leave',
      ({ from, back }) => momentOf(back, timeZone) > momentOf(from, timeZone),
    ),
    ...refused(leave, 'substitute', 'nobody stands in for themselves', (row) => row.substitute !== row.phone),
    ...refused(rota, 'from', 'a shift begins before 24:00', ({ from }) => from < 1_440),
    ...refused(rota, 'until', 'a shift that ends at midnight ends at 24:00', ({ until }) => until > 0),
  ];
}

/** Whether something is named by the file or known already. Of a file that could not be read, nobody can say. */
function knownBy(table: Table<RosterKind>, already: { readonly has: (name: string) => boolean }) {
  return (name: string) => !table.readable || table.names.has(name) || already.has(name);
}

function refused<Row extends Line>(
  { path, rows }: { readonly path: string; readonly rows: readonly Row[] },
  column: string,
  message: string,
  isFine: (row: Row) => boolean,
): RosterMistake[] {
  return rows.filter((row) => !isFine(row)).map(({ line }) => ({ path, line, column, message }));
}
