import type { TextFigures } from '../../db/owed-texts.ts';

/** What the text that the water is back is made of. It carries no link: it asks for nothing new. */
export interface Recovery {
  /** Masked name and household code, as `homeLabel` writes them. */
  readonly home: string;
  readonly detector: NonNullable<TextFigures>['detector'] | undefined;
  /** When the water came back (or stopped running) as the clocks at home show it; undefined when that is not known. */
  readonly time: string | undefined;
  /** Whether somebody must still look, or the alert ends when the water stays. */
  readonly mustConfirm: boolean;
}
