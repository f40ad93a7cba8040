import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { brokerKinds } from '../support/broker.ts';
import { useIngestProcesses } from '../support/ingest-process.ts';
import { useKillablePostgres } from '../support/killable-postgres.ts';
import { byForm } from '../support/long-form.ts';
import { tapBroker } from '../support/mqtt-tap.ts';
import {
  auditReadings,
  countStored,
  NOTHING_WRONG,
  streamReadings,
  untilStored,
} from '../support/numbered-readings.ts';
import { headEndFor, registerMeter } from '../support/waterworks.ts';

const PER_SECOND = 500;
/** The embedded broker keeps everything in the memory of the test itself, and so it gets less. */
const OUTAGE_S = {
  'the embedded broker': byForm({ long: 120, short: 10 }),
  Mosquitto: byForm({ long: 600, short: 10 }),
};
const BEFORE_S = 3;
const TIME_LIMIT_MS = byForm({ long: 1_200_000, short: 120_000 });
/** What waits is at most 4,000 messages; the rest is what Node's heap breathes. */
const MAX_GROWTH_BYTES = 96 * 1024 * 1024;
const MIB = 1024 * 1024;

describe.each(brokerKinds())('while the database is away, with $kind', ({ kind, start }) => {
  const postgres = useKillablePostgres();
  const startIngester = useIngestProcesses();
  const outageS = OUTAGE_S[kind];

  it(
    `nothing is acknowledged, the memory stays as it is, and all is stored afterwards (${outageS} s)`,
    { timeout: TIME_LIMIT_MS },
    async () => {
      const broker = await start();
      const tap = await tapBroker(broker.url);
      onTestFinished(async () => {
        tap.stop();
        await broker.stop();
      });
      const serials = await Promise.all(Array.from({ length: 5 }, () => registerMeter(postgres.pool)));
      const ingester = startIngester({ databaseUrl: postgres.url, mqttUrl: tap.url });
      await ingester.ready;
      let phase = 'before the outage';
      const stream = streamReadings(await headEndFor(broker.url), serials, PER_SECOND);
      onTestFailed(async () => {
        const stored = await countStored(postgres.pool, serials).catch(() => 'an unknown number of');
        console.log(
          `${kind}: it ended ${phase}; ${stream.sent()} messages were taken by the broker, ${tap.acknowledged()} of them ` +
            `acknowledged by the ingester, ${stored} readings stored; the ingester said: ${ingester.complaints()}`,
        );
      });
      await delay(BEFORE_S * 1_000);
      const before = ingester.memory();

      phase = 'while the database was away';
      await postgres.crash();
      const sentBefore = stream.sent();
      // What was committed in the last moment may still be on its way to be acknowledged.
      await delay(500);
      const acknowledged = tap.acknowledged();
      let peak = 0;
      for (let second = 0; second < outageS; second += 1) {
        await delay(1_000);
        peak = Math.max(peak, ingester.memory());
      }
      expect(tap.acknowledged()).toBe(acknowledged);
      const sentMeanwhile = stream.sent() - sentBefore;

      phase = 'while the database was started again';
      await postgres.restart();
      const backAtMs = performance.now();
      phase = 'while the broker took the last messages';
      const sent = await stream.stop();
      phase = 'while the ingester caught up';
      await ingester.alive(untilStored(postgres.pool, serials, sent, TIME_LIMIT_MS));
      phase = 'in the audit';
      const caughtUpInS = (performance.now() - backAtMs) / 1_000;

      console.log(
        `${kind}: ${sentMeanwhile} messages came in ${outageS} s without a database; memory ` +
          `${Math.round(before / MIB)} MiB before, ${Math.round(peak / MIB)} MiB at most; ` +
          `all stored ${caughtUpInS.toFixed(1)} s after it was back`,
      );
      expect(await auditReadings(postgres.pool, serials, sent)).toEqual(NOTHING_WRONG);
      expect(sentMeanwhile).toBeGreaterThan(PER_SECOND * outageS * 0.9);
      expect(peak - before).toBeLessThan(MAX_GROWTH_BYTES);
      expect(await ingester.stop()).toBe(0);
      expect(ingester.complaints()).toBe('');
    },
  );
});
