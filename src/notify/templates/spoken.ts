import type { Role } from '../../domain/alerting/escalation-policy.ts';
import type { TextFigures } from '../../db/owed-texts.ts';

/** What a call that asks somebody for something is made of: no full name, no address, no link and no code of a page. */
export interface Spoken {
  readonly role: Role;
  /** The surname's first letter, as `maskName` leaves it; undefined where the roster names nobody. */
  readonly initial: string | undefined;
  /** The household code, a letter at a time: `H 0 0 4 2`. */
  readonly code: string;
  /** What the water shows; undefined when the figures are those of a detector this version does not know. */
  readonly figures: TextFigures | undefined;
  /** Whether somebody was found in need of help: then that is why. */
  readonly isEmergency: boolean;
}
