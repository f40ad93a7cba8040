/** A register reading of a known meter, on its way into the store. Times are milliseconds since 1970. */
export interface NewReading {
  readonly meterId: number;
  readonly readAtMs: number;
  readonly indexLitres: number;
  readonly receivedAtMs: number;
}
