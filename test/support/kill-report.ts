/** One kill of a test that kills, and how far things had come by then. */
export interface Kill {
  /** When it happened, in words. */
  readonly moment: string;
  /** Readings that had been sent by then. */
  readonly sent: number;
  /** Readings that were stored by then, as far as anybody could ask. */
  readonly stored?: number;
}

/** Prints what was killed, so that a run shows by itself what it went through. */
export function reportKills(victim: string, kills: readonly Kill[]): void {
  console.log(`${victim}: ${kills.length} kills`);
  console.table(kills);
}
