import { describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { absenceEnd, absenceList, absenceSet } from '../../../src/main/commands/absence.ts';
import { useDatabase } from '../../support/database.ts';
import { townIn } from '../../support/town.ts';

const database = useDatabase();
const NOW = new Date('2026-04-06T08:00:00Z');
const FRIDAY = new Date('2026-04-10T08:00:00Z');
const set = { household: 'A-1', from: NOW, until: FRIDAY };

async function printed(work: (deps: Parameters<typeof absenceEnd>[0]) => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await work({ pool: database.pool, clock: handTurnedClock(NOW), actor: 'li', print });
  return lines;
}

describe('stillwater absence', () => {
  it('says who is away until when by whose word, and that they are back', async () => {
    const people = { daughter: { role: 'guardian', name: '王芳' } } as const;
    await townIn(() => database.pool).home({ code: 'A-1', monitoredFrom: new Date(0), people });
    const saidBy = { role: 'guardian', position: 1 } as const;
    expect(await printed((deps) => absenceList(deps, {}))).toEqual(['nobody is away']);
    expect(await printed((deps) => absenceSet(deps, { ...set, saidBy }))).toEqual([
      'A-1 is away until 2026-04-10T08:00:00.000Z; water that runs there ends it sooner',
    ]);
    expect((await printed((deps) => absenceList(deps, {})))[1]).toBe(
      'A-1   2026-04-06T08:00:00.000Z  2026-04-10T08:00:00.000Z  王芳',
    );
    expect(await printed((deps) => absenceEnd(deps, 'A-1'))).toEqual(['A-1 is back; the watch goes on']);
    expect(await printed((deps) => absenceList(deps, {}))).toEqual(['nobody is away']);
    expect((await printed((deps) => absenceList(deps, { all: true })))[1]).toContain('(person)');
    const { rows } = await database.pool.query('select actor, action, subject from audit_entry order by id');
    expect(rows).toEqual([
      { actor: 'li', action: 'absence.set', subject: 'A-1' },
      { actor: 'li', action: 'absence.ended', subject: 'A-1' },
    ]);
  });

  it('refuses a home that does not exist, a person it does not have, and the return of those who are there', async () => {
    const saidBy = { role: 'guardian', position: 2 } as const;
    await expect(printed((deps) => absenceSet(deps, { ...set, saidBy }))).rejects.toThrow('A-1 has no guardian 2');
    await expect(printed((deps) => absenceEnd(deps, 'B-1'))).rejects.toThrow('there is no household B-1');
    await expect(printed((deps) => absenceEnd(deps, 'A-1'))).rejects.toThrow('A-1 is not away');
  });
});
