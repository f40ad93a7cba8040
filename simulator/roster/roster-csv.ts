import { CITY, type Community, communityWithTown } from './communities.ts';
import type { Person } from './people.ts';
import type { Roster, RosteredHome } from './roster.ts';

/** The texts of the files that an import of the roster reads: UTF-8, commas, a header row. */
export interface RosterCsv {
  readonly communities: string;
  readonly households: string;
  readonly people: string;
  readonly pairings: string;
  readonly staff: string;
}

/** What all homes have in common in the roster. */
export interface WatchTerms {
  readonly timeZone: string;
  readonly monitoredFrom: Date;
  readonly nominalIntervalSeconds: number;
  readonly registerCapacityLitres: number;
}

/** Writes the town's roster. No field of it holds a comma or a quotation mark, so none is quoted. */
export function rosterCsv(roster: Roster, terms: WatchTerms): RosterCsv {
  return {
    communities: table('code,name,level,parent', communitiesOf(roster).map(communityRow)),
    households: table(
      'code,community,tier,time_zone,resident,monitored_from,meter,meter_nominal_interval_s,meter_register_capacity_l',
      roster.homes.map((home) => householdRow(home, terms)),
    ),
    people: table('phone,name,language,proved', roster.people.map(personRow)),
    pairings: table('household,role,position,phone', roster.homes.flatMap(pairingRows)),
    staff: table('community,role,position,phone', staffRows(roster)),
  };
}

type Row = readonly (string | number)[];

function table(header: string, rows: readonly Row[]): string {
  return [header, ...rows.map((row) => row.join(','))].join('\n') + '\n';
}

function communitiesOf({ communityNumbers }: Roster): Community[] {
  const below = communityNumbers.map(communityWithTown);
  const towns = new Map(below.map(({ town }) => [town.code, town]));
  return [CITY, ...towns.values(), ...below.map(({ community }) => community)];
}

function communityRow({ code, name, level, parent }: Community): Row {
  return [code, name, level, parent ?? ''];
}

function householdRow({ home, communityNumber, resident }: RosteredHome, terms: WatchTerms): Row {
  return [
    home.code,
    communityWithTown(communityNumber).community.code,
    home.tier,
    terms.timeZone,
    resident,
    terms.monitoredFrom.toISOString(),
    home.meterSerial,
    terms.nominalIntervalSeconds,
    terms.registerCapacityLitres,
  ];
}

function personRow({ phone, name, language }: Person): Row {
  return [phone, name, language, 'yes'];
}

function pairingRows({ home, guardians, contacts }: RosteredHome): Row[] {
  return [guardians, contacts].flatMap((people) =>
    people.map(({ role, phone }, index) => [home.code, role, index + 1, phone]),
  );
}

function staffRows({ communityNumbers, supervisors, desk }: Roster): Row[] {
  const supervisorRows = communityNumbers.map((number) => [
    communityWithTown(number).community.code,
    'supervisor',
    1,
    supervisors.get(number)?.phone ?? '',
  ]);
  return [...supervisorRows, [CITY.code, 'desk', 1, desk.phone]];
}
