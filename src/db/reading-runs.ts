const FIRST_RUNS = 16;
const FIRST_READINGS = 32;

/** What stands in place of the id of a meter that is not on the books. */
export const NO_METER = 0;

/**
 * Readings on their way into the store. Those of one meter that came together are a run.
 *
 * They lie in columns: to make an object for each reading, and to clear it away again, would take longer than to read
 * and to send it.
 */
export class ReadingRuns {
  /** Of each run: whose it is, `NO_METER` where that is not known (yet). */
  meterIds = new Float64Array(FIRST_RUNS);
  /** Of each run, in milliseconds since 1970. */
  receivedAtMs = new Float64Array(FIRST_RUNS);
  /** Of each run: behind its last reading. It begins where the run before it ends. */
  ends = new Int32Array(FIRST_RUNS);
  /** Of each reading, in milliseconds since 1970. */
  readAtMs = new Float64Array(FIRST_READINGS);
  /** Of each reading. */
  indexLitres = new Float64Array(FIRST_READINGS);
  /** How many runs there are. */
  count = 0;
  /** How many readings there are, those of a run that is not ended among them. */
  readings = 0;

  /** Where the readings of a run begin. */
  startOf(run: number): number {
    return run === 0 ? 0 : (this.ends[run - 1] ?? 0);
  }

  /** When the last reading of a run was taken, in milliseconds since 1970. No run is empty. */
  lastReadAtMs(run: number): number {
    return this.readAtMs[(this.ends[run] ?? 0) - 1] ?? Number.NaN;
  }

  /** Adds a reading to the run that comes next. */
  add(readAtMs: number, indexLitres: number): void {
    if (this.readings === this.readAtMs.length) {
      this.readAtMs = grown(this.readAtMs);
      this.indexLitres = grown(this.indexLitres);
    }
    this.readAtMs[this.readings] = readAtMs;
    this.indexLitres[this.readings] = indexLitres;
    this.readings += 1;
  }

  /** Takes what was added since the last run for one, which must not be nothing, and returns its number. */
  endRun(meterId: number, receivedAtMs: number): number {
    if (this.count === this.ends.length) {
      this.meterIds = grown(this.meterIds);
      this.receivedAtMs = grown(this.receivedAtMs);
      this.ends = grownInts(this.ends);
    }
    this.meterIds[this.count] = meterId;
    this.receivedAtMs[this.count] = receivedAtMs;
    this.ends[this.count] = this.readings;
    this.count += 1;
    return this.count - 1;
  }

  /** Forgets what was added since the last run. */
  dropUnended(): void {
    this.readings = this.startOf(this.count);
  }

  /** Forgets everything, and keeps the room. */
  clear(): void {
    this.count = 0;
    this.readings = 0;
  }
}

function grown(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}

function grownInts(column: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
