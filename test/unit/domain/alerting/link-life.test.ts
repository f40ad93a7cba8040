import { expect, it } from 'vitest';
import { linksAreOver } from '../../../../src/domain/alerting/link-life.ts';

const CLOSED_AT = new Date('2026-03-01T08:00:00Z');

it('keeps a link readable until seven days after the alert was closed', () => {
  expect(linksAreOver(CLOSED_AT, new Date('2026-03-08T08:00:00Z'))).toBe(false);
  expect(linksAreOver(CLOSED_AT, new Date('2026-03-08T08:00:01Z'))).toBe(true);
});

it('keeps a link for as long as the alert is open', () => {
  expect(linksAreOver(undefined, new Date('2027-03-01T08:00:00Z'))).toBe(false);
});
