import type { MeterFlag } from '../../domain/metering/meter-flag.ts';
import type { RegisterReading } from '../../domain/metering/register-reading.ts';
import type { DecodedMessage } from '../decoders/decoder.ts';
import type { InterpretedMessage, ReceivedMessage } from '../message.ts';
import { topicOf } from './read-native.ts';

/** What a native message may hold; with so many readings it still fits whole into quarantine. */
const MAX_READINGS = 1_000;

export interface Origin {
  readonly source: 'file' | 'http';
  readonly receivedAt: Date;
}

interface Group {
  readonly serial: string;
  readonly readings: RegisterReading[];
  readonly flags: readonly MeterFlag[];
}

/**
 * Puts the readings of each meter into one message, in the order they came.
 *
 * A line with flags stays by itself: a flag counts from the newest reading of its message, and must not depend on which
 * lines came with it. What follows it of the same meter begins another message, so that the first value for a time
 * stays the first.
 */
export function groupByMeter(contents: readonly DecodedMessage[], origin: Origin): InterpretedMessage[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const { serial, readings, flags } of contents) {
    const group = open.get(serial);
    if (flags.length > 0) {
      open.delete(serial);
      groups.push({ serial, readings: [...readings], flags });
    } else if (group && group.readings.length + readings.length <= MAX_READINGS) {
      group.readings.push(...readings);
    } else {
      const next = { serial, readings: [...readings], flags };
      open.set(serial, next);
      groups.push(next);
    }
  }
  return groups.map((group) => ({ message: messageOf(group, origin), content: group, rejection: undefined }));
}

/** The group as its meter would have sent it. It is written out only where somebody wants to keep it. */
function messageOf({ serial, readings, flags }: Group, { source, receivedAt }: Origin): ReceivedMessage {
  let written: Buffer | undefined;
  const write = () => (written ??= Buffer.from(JSON.stringify(nativeMessage(serial, readings, flags))));
  return {
    source,
    topic: topicOf(serial),
    receivedAt,
    get payload() {
      return write();
    },
    get payloadBytes() {
      return write().byteLength;
    },
  };
}

function nativeMessage(meter: string, readings: readonly RegisterReading[], status: readonly MeterFlag[]) {
  return {
    meter,
    ...(status.length > 0 && { status }),
    readings: readings.map(({ readAtMs, indexLitres }) => ({
      at: new Date(readAtMs).toISOString(),
      index_l: indexLitres,
    })),
  };
}
