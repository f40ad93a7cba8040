import { expect, it } from 'vitest';
import { checkUpkeep } from '../../../src/main/commands/doctor/upkeep.ts';

const AT = new Date('2026-04-01T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(AT.getTime() - minutes * 60_000);

it('finds the jobs that nobody waits for in order while they come round', () => {
  const checks = checkUpkeep(
    [
      { task: 'roll_up', finishedAt: minutesAgo(60) },
      { task: 'retention', finishedAt: minutesAgo(360) },
    ],
    AT,
  );
  expect(checks.map(({ status }) => status)).toEqual(['ok', 'ok']);
});

it('says which role is missing when one has stood still', () => {
  const checks = checkUpkeep(
    [
      { task: 'roll_up', finishedAt: minutesAgo(61) },
      { task: 'retention', finishedAt: minutesAgo(60 * 50) },
    ],
    AT,
  );
  expect(checks).toEqual([
    {
      name: 'daily sums',
      status: 'warning',
      found: 'not looked after for 1 h',
      advice: 'is a process with the role detect running? see its log',
    },
    {
      name: 'old readings',
      status: 'warning',
      found: 'not looked after for 50 h',
      advice: 'is a process with the role ingest running? see its log',
    },
  ]);
});

it('asks nothing of a service that has not run yet', () => {
  expect(checkUpkeep([], AT)).toEqual([]);
});
