/** A pause between two uses, as far as it helps to judge another one. */
export interface Pause {
  /** The hour of the local day at which it began, 0 to 24. */
  readonly startHour: number;
  readonly isDayOff: boolean;
  readonly hoursOfUseBefore: number;
}

/** A pause that has ended, with its time. */
export interface DatedPause extends Pause {
  readonly startMs: number;
  /** The beginning of the local day of the reading that showed the use which ended it; one at midnight is of the day before. */
  readonly shownDayMs: number;
  readonly lastedMs: number;
}
