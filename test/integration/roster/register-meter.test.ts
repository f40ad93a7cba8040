import { describe, expect, it } from 'vitest';
import { handTurnedClock } from '../../../src/core/clock.ts';
import { registerMeter } from '../../../src/roster/register-meter.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const NOW = new Date('2026-03-02T16:00:00Z');
const deps = () => ({ pool: database.pool, clock: handTurnedClock(NOW), actor: 'a clerk' });

async function lastAuditEntry() {
  const { rows } = await database.pool.query<Record<string, unknown>>(
    'select at, actor, action, subject, detail from audit_entry order by id desc limit 1',
  );
  return rows[0];
}

describe('a meter on the books', () => {
  const meter = { serial: 'BOOKS-1', nominalIntervalS: 900, registerCapacityL: undefined };

  it('is registered once, corrected when something else is said of it, and the audit knows', async () => {
    expect(await registerMeter(deps(), meter)).toBe('registered');
    expect(await lastAuditEntry()).toMatchObject({ action: 'meter.registered', subject: 'meter BOOKS-1' });
    expect(await registerMeter(deps(), meter)).toBe('unchanged');
    expect(await registerMeter(deps(), { ...meter, registerCapacityL: 99_999 })).toBe('changed');
    expect(await lastAuditEntry()).toMatchObject({ action: 'meter.changed', detail: { registerCapacityL: 99_999 } });
    const { rows } = await database.pool.query(`select count(*) from audit_entry where subject = 'meter BOOKS-1'`);
    expect(rows).toEqual([{ count: 2 }]);
  });

  it.each(['+', '#', 'a/b', 'WM-1/#', '', 'a b', 'x'.repeat(65), '$SYS'])(
    'cannot be called like a part of a topic: %j',
    async (serial) => {
      const register = registerMeter(deps(), { ...meter, serial });
      await expect(register).rejects.toThrow('meter_serial_check');
    },
  );
});
