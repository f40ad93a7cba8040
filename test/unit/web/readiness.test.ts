import { expect, it } from 'vitest';
import { unreadyParts } from '../../../src/web/health/readiness.ts';

const fine = () => Promise.resolve();

it('finds nothing wrong when every part answers', async () => {
  expect(await unreadyParts({ database: fine, queue: fine })).toEqual([]);
});

it('names the parts that fail, and only those', async () => {
  const checks = { database: fine, broker: () => Promise.reject(new Error('connection refused')) };

  expect(await unreadyParts(checks)).toEqual([{ name: 'broker', why: 'connection refused' }]);
});

it('does not wait for a part that never answers', async () => {
  const hangs = () => new Promise<void>(() => undefined);

  expect(await unreadyParts({ database: hangs, queue: fine }, 10)).toEqual([
    { name: 'database', why: 'no answer within 10 ms' },
  ]);
});
