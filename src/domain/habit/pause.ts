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
  /** The reading that showed the use which ended it. */
  readonly shownMs: number;
  readonly lastedMs: number;
}
