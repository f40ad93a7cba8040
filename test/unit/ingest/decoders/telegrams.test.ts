import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES } from '../../../../src/ingest/decoders/decoders.ts';
import { telegrams, understood } from '../../../support/telegrams.ts';

const ALL = telegrams();

describe('a telegram as it comes from the meter', () => {
  it.each(ALL)('$name: $about', (telegram) => {
    const { refused, ...content } = understood(telegram);
    const { refused: reason, ...expected } = telegram.expected;

    expect(content).toEqual(expected);
    if (reason === undefined) expect(refused).toBeUndefined();
    else expect(refused).toContain(reason);
  });

  it.each(ALL)('$name says the same when it is sent again an hour later', (telegram) => {
    const again = { ...telegram, receivedAt: new Date(telegram.receivedAt.getTime() + 3_600_000) };
    expect(understood(again).readings).toEqual(telegram.expected.readings);
  });

  it('there is one, with readings and one without, of every format that comes with the program', () => {
    for (const format of FORMAT_NAMES.filter((name) => name !== 'native')) {
      const ofFormat = ALL.filter((telegram) => telegram.format === format);
      expect(ofFormat.some(({ expected }) => expected.readings.length > 0)).toBe(true);
      expect(ofFormat.some(({ expected }) => expected.refused !== undefined)).toBe(true);
    }
    expect(ALL.some(({ format }) => format === 'native')).toBe(true);
  });
});
