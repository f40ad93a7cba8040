import { type HouseholdKind, householdKindAt } from '../habits/routine.ts';
import type { UploadHabit } from '../meter/uploads.ts';
import { randomStream, type StreamName } from '../random.ts';

/** A home of the town and the meter in it. */
export interface Home {
  /** Counted from 1; the home's place in the roster hangs on it. */
  readonly number: number;
  /** The home's name in texts and imports, as in SW-0001. */
  readonly code: string;
  readonly kind: HouseholdKind | 'recorded';
  /** 1 is the most at risk. */
  readonly tier: 1 | 2 | 3;
  readonly meterSerial: string;
  readonly uploads: UploadHabit;
}

/** The home that lives by a recording stands apart from the numbered ones. */
export const RECORDED_HOME_NUMBER = 9_001;
export const MOST_HOMES = 9_000;

/** Home number `number` of the town with this seed. It does not hang on how many homes there are. */
export function homeOf(seed: StreamName, number: number, dailyUploadShare: number): Home {
  const chance = randomStream(seed, 'home', number);
  const kind = number === RECORDED_HOME_NUMBER ? 'recorded' : householdKindAt(chance.fraction());
  return {
    number,
    kind,
    code: `SW-${fourDigits(number)}`,
    tier: tierOf(kind, chance.chance(0.4)),
    meterSerial: `WM${fourDigits(number)}${chance.whole(1_000, 9_999)}`,
    uploads: chance.chance(dailyUploadShare) ? 'daily' : 'hourly',
  };
}

/** All homes of a town, numbered from 1. Throws RangeError for more than their codes can name. */
export function homesOf(seed: StreamName, count: number, dailyUploadShare: number): Home[] {
  if (!Number.isInteger(count) || count < 0 || count > MOST_HOMES) {
    throw new RangeError(`a town has 0 to ${MOST_HOMES} homes, not ${count}`);
  }
  return Array.from({ length: count }, (_, index) => homeOf(seed, index + 1, dailyUploadShare));
}

function tierOf(kind: Home['kind'], isFrail: boolean): Home['tier'] {
  if (kind === 'early_riser') return isFrail ? 1 : 2;
  return kind === 'couple' ? 2 : 3;
}

function fourDigits(number: number): string {
  return number.toString().padStart(4, '0');
}
