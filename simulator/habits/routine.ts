/** How the people of a home live. Most homes of a welfare town hold one person. */
export const HOUSEHOLD_KINDS = ['early_riser', 'worker', 'couple', 'family'] as const;
export type HouseholdKind = (typeof HOUSEHOLD_KINDS)[number];

/** An ordinary day. Hours are of the wall clock, with fractions: 6.5 is half past six. */
export interface Routine {
  readonly people: number;
  readonly wakesAt: number;
  readonly wakesAtWeekend: number;
  readonly goesToBedAt: number;
  /** When nobody is at home on a working day; undefined where somebody always may be. */
  readonly outOnWorkdays: { readonly from: number; readonly until: number } | undefined;
  /** At most so many visits to the toilet between midnight and dawn. */
  readonly nightVisits: number;
  /** Chance of a shower, for each person and day. */
  readonly showers: number;
  /** Chance of laundry, a day. */
  readonly laundry: number;
}

export const ROUTINES: Readonly<Record<HouseholdKind, Routine>> = {
  early_riser: {
    people: 1,
    wakesAt: 5.5,
    wakesAtWeekend: 5.5,
    goesToBedAt: 21.5,
    outOnWorkdays: undefined,
    nightVisits: 2,
    showers: 0.45,
    laundry: 0.25,
  },
  worker: {
    people: 1,
    wakesAt: 7,
    wakesAtWeekend: 8.5,
    goesToBedAt: 23,
    outOnWorkdays: { from: 8.25, until: 18.25 },
    nightVisits: 0,
    showers: 0.85,
    laundry: 0.3,
  },
  couple: {
    people: 2,
    wakesAt: 6.25,
    wakesAtWeekend: 6.75,
    goesToBedAt: 22.25,
    outOnWorkdays: undefined,
    nightVisits: 2,
    showers: 0.55,
    laundry: 0.4,
  },
  family: {
    people: 4,
    wakesAt: 6.5,
    wakesAtWeekend: 7.5,
    goesToBedAt: 22.75,
    outOnWorkdays: { from: 8, until: 16.75 },
    nightVisits: 1,
    showers: 0.8,
    laundry: 0.75,
  },
};

/** The kind of home that a fraction between 0 and 1 stands for. */
export function householdKindAt(fraction: number): HouseholdKind {
  if (fraction < 0.5) return 'early_riser';
  if (fraction < 0.72) return 'worker';
  return fraction < 0.92 ? 'couple' : 'family';
}
