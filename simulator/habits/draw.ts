/** Water taken once: a flush, a kettle, a shower. */
export interface Draw {
  readonly atMs: number;
  /** Whole litres. */
  readonly litres: number;
}
