import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import { serviceFigures } from '../../db/metrics.ts';
import type { Db } from '../../db/sql.ts';
import { gaugesOf } from './figure-gauges.ts';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const RUN_BUCKETS_S = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60];
const AGE_BUCKETS_S = [1, 5, 30, MINUTE_S, 5 * MINUTE_S, HOUR_S, 6 * HOUR_S, 24 * HOUR_S, 72 * HOUR_S];

/** What this process measures of itself, and how the whole service stands. */
export interface Metrics {
  /** Of this process. It is no global one: a second set of metrics, as in tests, does not disturb it. */
  readonly registry: Registry;
  /** A run of the detectors: how long it took in seconds, and how many homes it judged. */
  readonly observeDetectorRun: (seconds: number, homes: number) => void;
  /** So many readings were committed. */
  readonly countStored: (readings: number) => void;
  /** How old a reading was, in seconds by its meter's clock, when it was committed. */
  readonly observeReadingAge: (seconds: number) => void;
  /** From now on every scrape also asks this database how the service stands. */
  readonly collectFrom: (db: Db, clock: Clock) => void;
  /** Everything as Prometheus reads it. */
  readonly render: () => Promise<string>;
}

/** The metrics of one process. Names begin with `stillwater_`; those of Node keep their usual ones. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  let readFigures: (() => Promise<Registry>) | undefined;
  const registers = [registry];
  const runs = new Histogram({
    name: 'stillwater_detector_run_seconds',
    help: 'Duration of the detector runs of this process.',
    buckets: RUN_BUCKETS_S,
    registers,
  });
  const judged = new Counter({ name: 'stillwater_homes_judged_total', help: 'Judgements of homes made.', registers });
  const stored = new Counter({ name: 'stillwater_readings_stored_total', help: 'Readings committed.', registers });
  const ages = new Histogram({
    name: 'stillwater_reading_age_seconds',
    help: 'Age of the last reading of each message, by the clock of its meter, when it was committed.',
    buckets: AGE_BUCKETS_S,
    registers,
  });
  return {
    registry,
    observeDetectorRun: (seconds, homes) => {
      runs.observe(seconds);
      judged.inc(homes);
    },
    countStored: (readings) => stored.inc(readings),
    observeReadingAge: (seconds) => ages.observe(seconds),
    collectFrom: (db, clock) => {
      readFigures = () => figuresFrom(db, clock);
    },
    render: async () => {
      const figures = await readFigures?.();
      return (figures ? Registry.merge([registry, figures]) : registry).metrics();
    },
  };
}

/** A database that does not answer takes its figures away, but not those of the process: one of them says so. */
async function figuresFrom(db: Db, clock: Clock): Promise<Registry> {
  const figures = await serviceFigures(db, clock.now()).catch(() => undefined);
  const registry = gaugesOf(figures ?? []);
  const up = new Gauge({
    name: 'stillwater_database_up',
    help: '1 when the database answered this scrape, else 0; the figures it would have given are then missing.',
    registers: [registry],
  });
  up.set(figures ? 1 : 0);
  return registry;
}
