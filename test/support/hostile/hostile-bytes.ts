import type { RandomStream } from '../../../simulator/random.ts';

/** Bytes that are not UTF-8: cut sequences, overlong ones, surrogates, and what no sequence begins with. */
const NOT_UTF8 = [[0xff], [0xc0, 0xaf], [0xe6, 0xb0], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0x80]];

export function randomBytes(random: RandomStream): Buffer {
  return Buffer.from(Array.from({ length: random.whole(0, 200) }, () => random.whole(0, 255)));
}

/** The message as a bad line, a full buffer or a careless program leaves it. */
export function damaged(random: RandomStream, message: Buffer): Buffer {
  const at = random.whole(0, message.length);
  const [head, tail] = [message.subarray(0, at), message.subarray(at)];
  const kind = random.whole(0, 5);
  if (kind === 0) return head;
  if (kind === 1) return tail;
  if (kind === 2) return Buffer.concat([head, Buffer.from(random.pick(NOT_UTF8)), tail]);
  if (kind === 3) return Buffer.concat([message, message]);
  if (kind === 4) return Buffer.concat([head, Buffer.alloc(random.whole(1, 8)), tail]);
  return flipped(random, message);
}

function flipped(random: RandomStream, message: Buffer): Buffer {
  const copy = Buffer.from(message);
  for (let flips = random.whole(1, 3); flips > 0 && copy.length > 0; flips -= 1) {
    copy[random.whole(0, copy.length - 1)]! ^= 1 << random.whole(0, 7);
  }
  return copy;
}

/** A message of hundreds of kilobytes to two megabytes, most of which is one text. */
export function enormous(random: RandomStream): Buffer {
  const size = random.pick([200_000, 262_144, 300_000, 1_000_000, 2_000_000]);
  return Buffer.from(`{"at":"2020-01-01T00:00:00Z","index_l":1,"meter":"${'x'.repeat(size)}"}`);
}
