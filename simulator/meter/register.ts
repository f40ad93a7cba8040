/** What the dial of a meter shows, in whole litres, at a full hour. */
export type Register = (hourMs: number) => number;

/** The dial was changed for a new one at a full hour. */
export interface Exchange {
  readonly atMs: number;
  /** What the new dial showed when it was put in: the litres of its own test run. */
  readonly firstIndexLitres: number;
}

/**
 * A register that shows `firstIndexLitres` when nothing has run, and adds what has run since.
 *
 * `litresUntil` must never fall. After an exchange the new dial counts on from its own first index.
 */
export function registerOf(
  firstIndexLitres: number,
  litresUntil: (hourMs: number) => number,
  exchange: Exchange | undefined,
): Register {
  return (hourMs) => {
    if (!exchange || hourMs < exchange.atMs) return firstIndexLitres + litresUntil(hourMs);
    return exchange.firstIndexLitres + litresUntil(hourMs) - litresUntil(exchange.atMs);
  };
}
