import { randomStream, type StreamName } from '../random.ts';
import { type Home, RECORDED_HOME_NUMBER } from '../town/home.ts';
import { communityNumberOf } from './communities.ts';
import { residentName } from './names.ts';
import { contactsOf, deskOf, guardiansOf, type Person, supervisorOf } from './people.ts';

/** Who answers for a home. */
export interface RosteredHome {
  readonly home: Home;
  readonly resident: string;
  readonly communityNumber: number;
  /** In the order in which they are asked. */
  readonly guardians: readonly Person[];
  readonly contacts: readonly Person[];
}

/** Everybody in the town who has to do with a home under watch. */
export interface Roster {
  readonly homes: readonly RosteredHome[];
  readonly communityNumbers: readonly number[];
  readonly supervisors: ReadonlyMap<number, Person>;
  readonly desk: Person;
  /** Everybody who can be texted, each once. */
  readonly people: readonly Person[];
}

export function rosterOf(seed: StreamName, homes: readonly Home[]): Roster {
  const rostered = homes.map((home) => rosteredHome(seed, home));
  const communityNumbers = [...new Set(rostered.map(({ communityNumber }) => communityNumber))];
  const supervisors = new Map(communityNumbers.map((number) => [number, supervisorOf(seed, number)]));
  const desk = deskOf(seed);
  const answerers = rostered.flatMap(({ guardians, contacts }) => [...guardians, ...contacts]);
  const people = new Map([...answerers, ...supervisors.values(), desk].map((person) => [person.phone, person]));
  return { homes: rostered, communityNumbers, supervisors, desk, people: [...people.values()] };
}

function rosteredHome(seed: StreamName, home: Home): RosteredHome {
  // The recorded home is looked after in the first community; its own number lies far beyond the others.
  const communityNumber = home.number === RECORDED_HOME_NUMBER ? 1 : communityNumberOf(home.number);
  return {
    home,
    communityNumber,
    resident: residentName(randomStream(seed, 'resident', home.number)),
    guardians: guardiansOf(seed, home.number),
    contacts: contactsOf(seed, home.number, communityNumber),
  };
}
