/** What can be wrong with a meter or the pipes behind it; never a person's danger. */
export const TICKET_KINDS = [
  'meter_silent',
  'leak',
  'register_backward',
  'two_registers',
  'tamper',
  'battery',
  'clock_off',
  'stuck_at_zero',
] as const;
export type TicketKind = (typeof TICKET_KINDS)[number];

/** The figures behind a ticket. Which of them are there depends on its kind, and on when it was opened. */
export interface TicketEvidence {
  /**
   * For a leak, what runs in the quietest hours, in litres an hour; for registers, how often one fell in the last days; for a
   * clock, by how many minutes it is ahead of ours.
   */
  readonly figure?: number | undefined;
  /** Since when: the last dry hour before a leak, the newest fall of a register, the last move of a still one. */
  readonly sinceMs?: number | undefined;
  /** For so many known hours a leak has run, and so many litres ran in them. */
  readonly hours?: number | undefined;
  readonly litres?: number | undefined;
  /** The meter counts in steps of so many litres. */
  readonly stepLitres?: number | undefined;
  /** What a register shows that stands still, in litres. */
  readonly indexLitres?: number | undefined;
  /** The newest reading that the figures are of. */
  readonly asOfMs?: number | undefined;
  readonly lastHeardMs?: number | undefined;
  /** How many hours a silent meter usually leaves between two uploads. */
  readonly usualHours?: number | undefined;
  /** The meter said so itself. */
  readonly saidByMeter?: boolean | undefined;
}
