import { firstWhere } from '../../src/domain/bisect.ts';
import { DAY_MS } from '../../src/domain/time.ts';
import type { Calendar } from '../calendar.ts';
import { topicOf } from '../meter/payload.ts';
import { LONGEST_DELAY_MS } from '../meter/faults.ts';
import { NIGHT_MS, type Upload } from '../meter/uploads.ts';
import type { LivingHome } from './living-home.ts';

/** A message as it leaves for the broker. */
export interface MeterMessage {
  readonly sendAt: Date;
  readonly topic: string;
  /** JSON. */
  readonly payload: string;
  readonly meterSerial: string;
}

interface TownUpload {
  readonly sender: LivingHome;
  readonly upload: Upload;
}

/** Days of uploads, and days of sending, that are kept ready. Windows mostly follow one another. */
const KEPT_DAYS = 6;

/**
 * All messages of a town by the time they are sent, worked out a day at a time and only when asked for.
 *
 * What was sent is fixed from the beginning; what a message says is read from the dial when the window is asked for.
 */
export function messageStream(
  homes: readonly LivingHome[],
  calendar: Calendar,
): (from: Date, to: Date) => Generator<MeterMessage> {
  const uploadsOfDay = remembering((day: number): TownUpload[] =>
    homes.flatMap((sender) => sender.uploadsOf(day).map((upload) => ({ sender, upload }))),
  );
  const sentOnSlot = remembering((slot: number) => {
    const fromMs = slot * DAY_MS;
    const isOfSlot = ({ upload }: TownUpload) => upload.sendAtMs >= fromMs && upload.sendAtMs < fromMs + DAY_MS;
    return daysSentWithin(calendar, fromMs)
      .flatMap((day) => uploadsOfDay(day).filter(isOfSlot))
      .toSorted(bySendTime);
  });
  return function* (from, to) {
    for (let slot = Math.floor(from.getTime() / DAY_MS); slot * DAY_MS < to.getTime(); slot += 1) {
      for (const { sender, upload } of between(sentOnSlot(slot), from.getTime(), to.getTime())) {
        if (!sender.life.isMeterSilent(upload.sendAtMs)) yield messageOf(sender, upload);
      }
    }
  };
}

/** The days whose readings may be sent in the 24 hours from `fromMs`. */
function daysSentWithin(calendar: Calendar, fromMs: number): number[] {
  const first = calendar.dayOf(fromMs - LONGEST_DELAY_MS - NIGHT_MS) - 1;
  const last = calendar.dayOf(fromMs + DAY_MS);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function messageOf(sender: LivingHome, upload: Upload): MeterMessage {
  const { meterSerial } = sender.home;
  return {
    sendAt: new Date(upload.sendAtMs),
    topic: topicOf(meterSerial),
    payload: sender.payloadOf(upload),
    meterSerial,
  };
}

function between(sorted: readonly TownUpload[], fromMs: number, toMs: number): readonly TownUpload[] {
  return sorted.slice(firstWhere(sorted, sentFrom(fromMs)), firstWhere(sorted, sentFrom(toMs)));
}

function sentFrom(atMs: number): (uploaded: TownUpload) => boolean {
  return ({ upload }) => upload.sendAtMs >= atMs;
}

/** The order is the same on every machine: messages of one moment go by home, and of one home by number. */
function bySendTime(a: TownUpload, b: TownUpload): number {
  const sooner = a.upload.sendAtMs - b.upload.sendAtMs;
  return sooner || a.sender.home.number - b.sender.home.number || a.upload.seq - b.upload.seq;
}

/** Keeps the last few answers of a function of a day. */
function remembering<Answer>(work: (day: number) => Answer): (day: number) => Answer {
  const answers = new Map<number, Answer>();
  return (day) => {
    const known = answers.get(day);
    if (known !== undefined) return known;
    const answer = work(day);
    answers.set(day, answer);
    for (const oldest of [...answers.keys()].slice(0, answers.size - KEPT_DAYS)) answers.delete(oldest);
    return answer;
  };
}
