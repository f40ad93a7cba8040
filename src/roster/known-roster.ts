import { communitiesNamed, householdsNamed, peopleWithPhones, standingBindings } from '../db/roster-lookup.ts';
import type { Db } from '../db/sql.ts';
import type { ParsedRoster } from './parse-roster.ts';
import type { CommunityLevel } from './row-schemas.ts';

/** What the database already has of the things that the files name. */
export interface KnownRoster {
  readonly communities: ReadonlyMap<string, CommunityLevel>;
  readonly households: ReadonlySet<string>;
  readonly people: ReadonlySet<string>;
  /** By serial, the code of the home at which the meter is, or is going to be. */
  readonly homeOfMeter: ReadonlyMap<string, string>;
}

/** Looks up everything the files refer to, in four statements however long the files are. */
export async function lookUpRoster(db: Db, roster: ParsedRoster, at: Date): Promise<KnownRoster> {
  const { communities, households, pairings, staff, leave, rota } = roster;
  const communityCodes = [
    ...communities.rows.flatMap(({ code, parent }) => (parent === undefined ? [code] : [code, parent])),
    ...households.rows.map(({ community }) => community),
    ...[...staff.rows, ...rota.rows].map(({ community }) => community),
  ];
  const householdCodes = pairings.rows.map(({ household }) => household);
  const phones = [
    ...[...pairings.rows, ...staff.rows, ...leave.rows, ...rota.rows].map(({ phone }) => phone),
    ...leave.rows.flatMap(({ substitute }) => substitute ?? []),
  ];
  const serials = households.rows.flatMap(({ meter }) => (meter === undefined ? [] : [meter]));

  const knownCommunities = await communitiesNamed(db, communityCodes);
  const bindings = await standingBindings(db, serials, at);
  return {
    communities: new Map(knownCommunities.map(({ code, level }) => [code, level])),
    households: new Set(await householdsNamed(db, householdCodes)),
    people: new Set(await peopleWithPhones(db, phones)),
    homeOfMeter: new Map(bindings.map(({ serial, household }) => [serial, household])),
  };
}
