/** One register reading as it goes over the air. */
interface SentReading {
  /** UTC, by the meter's own clock. */
  readonly at: string;
  /** Whole litres. */
  readonly index_l: number;
}

export function topicOf(meterSerial: string): string {
  return `meters/${meterSerial}/readings`;
}

/** The JSON of a message: a lone reading stands by itself, several stand in a list. */
export function payloadOf(readings: readonly SentReading[], seq: number): string {
  const [first] = readings;
  const content = first && readings.length === 1 ? { at: first.at, index_l: first.index_l, seq } : { readings, seq };
  return JSON.stringify(content);
}
