import { describe, expect, it } from 'vitest';
import { topicPattern } from '../../../../src/ingest/decoders/topic-pattern.ts';

describe('a topic with named parts', () => {
  const { filter, match } = topicPattern('plant/{sender}/{any}/{serial}');

  it('is subscribed to with a wildcard for each part', () => {
    expect(filter).toBe('plant/+/+/+');
    expect(topicPattern('vendor/water').filter).toBe('vendor/water');
  });

  it('says who sends and of which meter', () => {
    expect(match('plant/east/cellar 2/WM-1')).toEqual({ sender: 'east', serial: 'WM-1' });
    expect(topicPattern('vendor/water').match('vendor/water')).toEqual({});
  });

  it.each([
    ...['plant/east/x', 'plant/east/x/WM-1/more', 'plants/east/x/WM-1', 'plant//x/WM-1', 'plant/east/x/', ''],
    ...['plant/ea st/x/WM-1', 'plant/east/x/WM-1\u0000', `plant/east/x/${'9'.repeat(65)}`, 'plant/+/x/WM-1'],
  ])('is not "%s"', (topic) => {
    expect(match(topic)).toBeUndefined();
  });
});
