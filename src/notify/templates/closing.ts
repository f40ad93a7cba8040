import type { CloseOutcome } from '../../domain/alerting/alert.ts';

/** What the text that ends it is made of. */
export interface Closing {
  /** Masked name and household code, as `homeLabel` writes them. */
  readonly home: string;
  /** Who checked, masked; undefined when nobody had to. */
  readonly checkedBy: string | undefined;
  readonly outcome: CloseOutcome | undefined;
}
