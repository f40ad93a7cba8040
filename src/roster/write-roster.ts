import { writeCommunities } from '../db/roster-communities.ts';
import { type HouseholdDefaults, writeHouseholds, writeResidents } from '../db/roster-households.ts';
import { bindMeters, endReplacedBindings, writeMeters } from '../db/roster-meters.ts';
import { deleteOtherPairings, insertPairings } from '../db/roster-pairings.ts';
import { writePeople } from '../db/roster-people.ts';
import { deleteOtherStaff, insertStaff } from '../db/roster-staff.ts';
import type { Db } from '../db/sql.ts';
import { type ChangeCounts, countPlaces, countWritten } from './count-changes.ts';
import type { ParsedRoster } from './parse-roster.ts';
import type { RosterKind } from './roster-files.ts';
import { COMMUNITY_LEVELS } from './row-schemas.ts';
import { writeLeave, writeRota } from './write-duty.ts';

export type RosterCounts = Readonly<Record<RosterKind, ChangeCounts>>;

/**
 * Writes a roster in which no mistake was found, each kind after those it refers to. The number of statements does not
 * depend on how long the files are.
 */
export async function writeRoster(tx: Db, roster: ParsedRoster, defaults: HouseholdDefaults): Promise<RosterCounts> {
  const { staff } = roster;
  const pairings = roster.pairings.rows.map(({ from = null, until = null, ...pairing }) => ({
    ...pairing,
    fromMinute: from,
    untilMinute: until,
  }));
  return {
    communities: await writeTree(tx, roster.communities.rows),
    people: await writeAllPeople(tx, roster.people.rows, defaults.at),
    households: await writeHomes(tx, roster.households.rows, defaults),
    pairings: countPlaces(pairings.length, await deleteOtherPairings(tx, pairings), await insertPairings(tx, pairings)),
    staff: countPlaces(staff.rows.length, await deleteOtherStaff(tx, staff.rows), await insertStaff(tx, staff.rows)),
    leave: await writeLeave(tx, roster.leave.rows, defaults.timeZone),
    rota: await writeRota(tx, roster.rota.rows),
  };
}

/** Level by level, so that a parent may stand further down in the file. */
async function writeTree(tx: Db, rows: ParsedRoster['communities']['rows']): Promise<ChangeCounts> {
  const added: string[] = [];
  const changed: string[] = [];
  for (const level of COMMUNITY_LEVELS) {
    const ofLevel = rows.filter((row) => row.level === level);
    const written = await writeCommunities(
      tx,
      ofLevel.map(({ code, name, parent }) => ({ code, name, level, parent })),
    );
    added.push(...written.added);
    changed.push(...written.changed);
  }
  return countWritten(rows.length, { added, changed }, []);
}

async function writeAllPeople(tx: Db, rows: ParsedRoster['people']['rows'], at: Date): Promise<ChangeCounts> {
  const people = rows.map(({ phone, name, language, proved }) => ({ phone, name, language, proved }));
  return countWritten(rows.length, await writePeople(tx, people, at), []);
}

/** Homes with what belongs to them: a new resident or another meter is a change of the home. */
async function writeHomes(
  tx: Db,
  rows: ParsedRoster['households']['rows'],
  defaults: HouseholdDefaults,
): Promise<ChangeCounts> {
  const homes = rows.map((row) => ({
    code: row.code,
    community: row.community,
    tier: row.tier,
    timeZone: row.time_zone,
    monitoredFrom: row.monitored_from,
  }));
  const written = await writeHouseholds(tx, homes, defaults);
  const resettled = await writeResidents(
    tx,
    rows.flatMap(({ code, resident }) => (resident === undefined ? [] : [{ household: code, name: resident }])),
  );
  const remetered = await writeHomeMeters(tx, rows, defaults.at);
  return countWritten(rows.length, written, [...resettled, ...remetered]);
}

async function writeHomeMeters(tx: Db, rows: ParsedRoster['households']['rows'], at: Date): Promise<string[]> {
  const meters = rows.flatMap((row) =>
    row.meter === undefined
      ? []
      : [
          {
            serial: row.meter,
            household: row.code,
            nominalIntervalS: row.meter_nominal_interval_s,
            registerCapacityL: row.meter_register_capacity_l,
          },
        ],
  );
  const changed = new Set((await writeMeters(tx, meters)).changed);
  await endReplacedBindings(tx, meters, at);
  const bound = await bindMeters(tx, meters, at);
  return [...bound, ...meters.filter(({ serial }) => changed.has(serial)).map(({ household }) => household)];
}
