import { beforeEach, expect, it, vi } from 'vitest';
import { createLinger } from '../../../src/ingest/linger.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function lingering() {
  const linger = createLinger({ lingerMs: 1, longestLingerMs: 20 }, vi.fn());
  /** How long the next batch waits, in milliseconds. */
  const length = () => {
    let ms = 0;
    linger.begin();
    for (; !linger.isOver(); ms += 1) vi.advanceTimersByTime(1);
    linger.taken(0);
    return ms;
  };
  return { ...linger, length };
}

it('is short as a rule', () => {
  const { length } = lingering();
  expect([length(), length()]).toEqual([1, 1]);
});

/** For a tenth of a second and more, batches of so much are taken out every so many milliseconds. */
function comes(taken: (fullness: number) => void, fullness: number, everyMs: number): void {
  for (let ms = 0; ms < 400; ms += everyMs) {
    vi.advanceTimersByTime(everyMs);
    taken(fullness);
  }
}

it('is long where half a batch or more comes together meanwhile, and short again when fewer come', () => {
  const { taken, length } = lingering();
  comes(taken, 0.26, 10);
  expect(length()).toBe(20);
  comes(taken, 0.24, 10);
  expect(length()).toBe(1);
});

it('is not long for a burst alone', () => {
  const { taken, length } = lingering();
  comes(taken, 0.1, 10);
  vi.advanceTimersByTime(1);
  taken(0.5);
  expect(length()).toBe(1);
});

it('is a part of what a write takes, within the same bounds', () => {
  const { written, length } = lingering();
  written(2);
  expect(length()).toBe(1);
  written(16);
  expect(length()).toBe(4);
  written(10_000);
  expect(length()).toBe(20);
});

it('is over for good once it is stopped', () => {
  const { stop, isOver, taken } = lingering();
  stop();
  taken(1);
  expect(isOver()).toBe(true);
});
