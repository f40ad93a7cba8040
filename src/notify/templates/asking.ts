import type { Role } from '../../domain/alerting/escalation-policy.ts';
import type { TextFigures } from '../../db/owed-texts.ts';

/** What a text that asks somebody for something is made of. Neither a full name nor an address is among it. */
export interface Asking {
  readonly role: Role;
  /** Masked name and household code, as `homeLabel` writes them. */
  readonly home: string;
  /** What the water shows; undefined when the figures are those of a detector this version does not know. */
  readonly figures: TextFigures | undefined;
  /** The link, or the fixed address and the code, as `accessWords` writes them. */
  readonly access: string;
}
