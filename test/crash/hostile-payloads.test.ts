import { describe, expect, it } from 'vitest';
import { QUARANTINE_REASONS } from '../../src/domain/metering/quarantine-reason.ts';
import { BUILT_IN_DECODERS } from '../../src/ingest/decoders/decoders.ts';
import { interpret } from '../../src/ingest/interpret.ts';
import type { InterpretedMessage } from '../../src/ingest/message.ts';
import { draftOf } from '../../src/ingest/batch-draft.ts';
import { memoryInUse } from '../support/collect-garbage.ts';
import { type HostileMessage, hostileMessages } from '../support/hostile/hostile-messages.ts';
import { byForm } from '../support/long-form.ts';
import { numberedReading } from '../support/numbered-readings.ts';

const MESSAGES = byForm({ long: 1_000_000, short: 200_000 });
const TIME_LIMIT_MS = byForm({ long: 1_800_000, short: 120_000 });
const SEED = Number(process.env['STILLWATER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const BATCH = 1_000;
/** What may be held more at the end than after the first tenth, when everything is compiled and loaded. */
const MAX_GROWTH_BYTES = 32 * 1024 * 1024;

const RECEIVED_AT = new Date();
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = RECEIVED_AT.getTime() + 600_000;
const GOOD = ['WM-1', 'WM-2', 'WM-3'];
const VICTIMS = ['WM-4', 'WM-5', '0018B20000000001'];
const METER_IDS = new Map([...GOOD, ...VICTIMS].map((serial, index) => [serial, index + 1]));

describe('payloads that nobody should send', () => {
  it(
    `end as readings or in quarantine, all ${MESSAGES} of them, and hold no memory`,
    { timeout: TIME_LIMIT_MS },
    () => {
      const reasons = new Map<string, number>();
      const topicFilters = BUILT_IN_DECODERS.flatMap((decoder) => decoder.topicFilters);
      const source = hostileMessages({
        seed: SEED,
        serials: GOOD,
        victims: VICTIMS,
        topicFilters,
        withImpossibleTopics: true,
      });
      let after = memoryInUse();
      for (let seen = 0; seen < MESSAGES; seen += BATCH) {
        if (seen === MESSAGES / 10) after = memoryInUse();
        for (let place = 0; place < BATCH; place += 1) {
          const message = source.next().value as HostileMessage;
          const faults = faultsOf(message, reasons);
          if (faults.length > 0) expect.fail(describeFault(seen + place, message, faults));
        }
      }
      const grown = memoryInUse().heap - after.heap;

      console.log(`seed ${SEED}: ${MESSAGES} messages; the heap grew by ${Math.round(grown / 1_024)} KiB`);
      console.table(Object.fromEntries(reasons));
      expect(grown, `with seed ${SEED}`).toBeLessThan(MAX_GROWTH_BYTES);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(reasons.get('stored')).toBeGreaterThan(MESSAGES / 20);
    },
  );
});

/** What is wrong with how a message was dealt with. Counts what became of it. */
function faultsOf(hostile: HostileMessage, reasons: Map<string, number>): string[] {
  const { topic, payload, number } = hostile;
  const message = { source: 'mqtt' as const, topic, payload, payloadBytes: payload.length, receivedAt: RECEIVED_AT };
  const interpreted = interpret(message, BUILT_IN_DECODERS);
  const { readings, flags, quarantined } = draftOf([interpreted]).plan(METER_IDS);
  for (const fate of quarantined.length > 0 ? quarantined.map(({ reason }) => reason) : ['stored']) {
    reasons.set(fate, (reasons.get(fate) ?? 0) + 1);
  }
  const faults = [...impossibleReadings(interpreted), ...identityFaults(interpreted)];
  if (readings.count + flags.length + quarantined.length === 0) faults.push('lost in silence');
  if (interpreted.rejection?.reason === 'decoder_failed') faults.push(`threw: ${interpreted.rejection.detail}`);
  if (quarantined.some(({ reason }) => !QUARANTINE_REASONS.includes(reason))) faults.push('no such reason');
  if (number !== undefined && !isTaken(number, interpreted)) faults.push('a good reading was not taken');
  return faults;
}

function impossibleReadings({ content }: InterpretedMessage): string[] {
  return (content?.readings ?? [])
    .filter(({ readAtMs, indexLitres }) => {
      const isVolume = Number.isSafeInteger(indexLitres) && indexLitres >= 0 && !Object.is(indexLitres, -0);
      return !isVolume || !Number.isSafeInteger(readAtMs) || readAtMs < EARLIEST_MS || readAtMs > LATEST_MS;
    })
    .map((reading) => `impossible: ${JSON.stringify(reading)}`);
}

/** Whoever the broker let publish to a topic may speak for the meter of that topic only. */
function identityFaults({ message, content }: InterpretedMessage): string[] {
  const identity = BUILT_IN_DECODERS.map(({ identify }) => identify(message.topic)).find((found) => found);
  const allowed = identity?.serial;
  if (!content || allowed === undefined || content.serial === allowed) return [];
  return [`speaks for ${content.serial} in the topic of ${allowed}`];
}

function isTaken(number: number, { content, rejection }: InterpretedMessage): boolean {
  const { serial, content: given } = numberedReading(GOOD, number);
  const [only, ...others] = content?.readings ?? [];
  const isRight = only?.indexLitres === number && only.readAtMs === Date.parse(given.at);
  return isRight && others.length === 0 && !rejection && content?.serial === serial;
}

function describeFault(place: number, { topic, payload }: HostileMessage, faults: readonly string[]): string {
  const shown = Buffer.from(payload).subarray(0, 2_000).toString('latin1');
  return `message ${place} of seed ${SEED} (STILLWATER_SEED=${SEED}): ${faults.join('; ')}\n${topic}\n${shown}`;
}
