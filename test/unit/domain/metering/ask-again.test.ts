import { describe, expect, it } from 'vitest';
import { askAgain, MAX_NUMBERS_A_REQUEST } from '../../../../src/domain/metering/ask-again.ts';
import { firstMissing, hearNumbers, type SenderStream } from '../../../../src/domain/metering/sender-stream.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/domain/time.ts';

const AT = Date.UTC(2026, 10, 23, 12);

const hear = (stream: SenderStream | undefined, numbers: readonly number[], atMs: number, isNamed = true) =>
  hearNumbers(stream, { ranges: numbers.map((n) => ({ first: n, last: n })), oldest: undefined, isNamed }, atMs).stream;

/** Looks every `lookMs` while the sender goes on sending every `heardEveryMs`; when each request was made, in seconds. */
function askedAt(start: SenderStream, forMs: number, heardEveryMs: number, lookMs = SECOND_MS) {
  let stream = start;
  let number = stream.next;
  const requests: number[] = [];
  for (let ms = lookMs; ms <= forMs; ms += lookMs) {
    if (ms % heardEveryMs === 0) stream = hear(stream, [number++], AT + ms);
    const asked = askAgain(stream, AT + ms);
    if (asked.requests.length > 0) requests.push(ms / SECOND_MS);
    stream = asked.stream;
  }
  return { requests, stream };
}

describe('missing numbers', () => {
  it('are asked for after a moment in which they may still come by themselves, then ever more seldom', () => {
    const { requests } = askedAt(hear(undefined, [0, 3], AT), 100 * SECOND_MS, SECOND_MS);
    expect(requests).toEqual([1, 2, 4, 8, 16, 32, 64]);
  });

  it('are asked for by name, a bounded number at a time', () => {
    const stream = hear(undefined, [0, 2, 50_000], AT);
    expect(askAgain(stream, AT + SECOND_MS).requests).toEqual([
      { first: 1, last: 1 },
      { first: 3, last: 2 + MAX_NUMBERS_A_REQUEST },
    ]);
  });

  it('are asked for a few ranges at a time when there are many', () => {
    const stream = hear(
      undefined,
      Array.from({ length: 100 }, (_, i) => 2 * i),
      AT,
    );
    expect(askAgain(stream, AT + SECOND_MS).requests).toHaveLength(64);
  });

  it('are asked for at once again when the sender answers in part', () => {
    const { stream } = askedAt(hear(undefined, [0, 9], AT), 40 * SECOND_MS, SECOND_MS);
    const answered = hear(stream, [1, 2, 3], AT + 40 * SECOND_MS);
    expect(askAgain(answered, AT + 41 * SECOND_MS).requests).toEqual([{ first: 4, last: 8 }]);
  });

  it('are given up after a day of asking, so that the row goes on', () => {
    const stream = hear(undefined, [0, 2], AT);
    const firstMissingAfter = (hours: number) =>
      firstMissing(askedAt(stream, hours * HOUR_MS, MINUTE_MS, MINUTE_MS).stream);
    expect(firstMissingAfter(23)).toBe(1);
    expect(firstMissingAfter(26)).toBeGreaterThan(2);
  });

  it('are never given up while the sender is silent, since it may come back with all that it kept', () => {
    const { stream, requests } = askedAt(hear(undefined, [0, 2], AT), 40 * DAY_MS, Infinity, HOUR_MS);
    expect(requests).toHaveLength(1);
    expect(firstMissing(stream)).toBe(1);

    const back = hear(stream, [3], AT + 40 * DAY_MS);
    expect(askAgain(back, AT + 40 * DAY_MS + SECOND_MS).requests).toEqual([{ first: 1, last: 1 }]);
  });

  it('are soon asked for again when the sender was away for a while', () => {
    const { stream } = askedAt(hear(undefined, [0, 2], AT), 5 * HOUR_MS, MINUTE_MS, MINUTE_MS);
    const backAt = AT + 5 * HOUR_MS + 2 * MINUTE_MS;
    const back = hear(stream, [stream.next], backAt);
    expect(askAgain(stream, backAt + SECOND_MS).requests).toEqual([]);
    expect(askAgain(back, backAt + SECOND_MS).requests).toEqual([{ first: 1, last: 1 }]);
  });

  it('that were sent before anybody listened are given up after a minute', () => {
    const stream = hear(undefined, [400], AT, false);
    const { requests, stream: later } = askedAt(stream, 2 * MINUTE_MS, Infinity);
    expect(requests).toHaveLength(6);
    expect(firstMissing(later)).toBe(401);
  });
});
