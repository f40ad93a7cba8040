import { describe, expect, it } from 'vitest';
import { isPublicHoliday } from '../../../src/detectors/areas/holidays.ts';

const isOne = (iso: string, country: 'CN' | 'none' = 'CN') => isPublicHoliday(new Date(iso), country);

describe('a public holiday', () => {
  it('is each day of the Spring Festival and of the National Day, with the days off in lieu', () => {
    for (const day of ['2025-01-28', '2025-02-04', '2025-10-01', '2025-10-08']) {
      expect(isOne(`${day}T12:00:00+08:00`)).toBe(true);
    }
  });

  it('is no ordinary day or weekend, and no day that is worked to make up for one', () => {
    for (const day of ['2025-03-05', '2025-03-08', '2025-01-26', '2025-10-11']) {
      expect(isOne(`${day}T12:00:00+08:00`)).toBe(false);
    }
  });

  it('begins and ends at midnight in China, wherever the service runs', () => {
    expect(isOne('2025-09-30T15:59:00Z')).toBe(false);
    expect(isOne('2025-09-30T16:00:00Z')).toBe(true);
    expect(isOne('2025-10-08T15:59:00Z')).toBe(true);
    expect(isOne('2025-10-08T16:00:00Z')).toBe(false);
  });

  it('is none where none are kept, nor in a year whose calendar is not known yet', () => {
    expect(isOne('2025-10-01T12:00:00+08:00', 'none')).toBe(false);
    expect(isOne('2093-03-03T12:00:00+08:00')).toBe(false);
  });
});
