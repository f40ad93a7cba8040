import { insertAlerts } from '../../src/db/alerts.ts';
import { type AlertIntent, oweText } from '../../src/db/outbox.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { openAlert } from '../../src/domain/alerting/alert.ts';
import { DEFAULT_ESCALATION_POLICY, type Role } from '../../src/domain/alerting/escalation-policy.ts';
import type { Evidence } from '../../src/domain/alerting/finding.ts';
import { timelineOf } from '../../src/db/alert-events.ts';
import { type HomePlan, townIn, type Townsperson } from './town.ts';

const STILL: Evidence = {
  detector: 'low-use',
  windowHours: 24,
  floorLitres: 6,
  litres: 3,
  lastUseAtMs: undefined,
  asOfMs: Date.UTC(2026, 2, 2),
};

let homes = 0;

/** A home with an open alert and texts owed, put straight into the tables; who decided that is another test's story. */
export function alertsIn(getPool: () => DbPool) {
  const town = townIn(getPool);
  const set = async (text: string, ...values: unknown[]) => {
    await getPool().query(text, values);
  };

  return {
    async open(at: Date, people: HomePlan['people'], plan: { tier?: 1 | 2 | 3; resident?: string } = {}) {
      homes += 1;
      const code = `H${String(homes).padStart(4, '0')}`;
      const home = await town.home({ code, monitoredFrom: new Date(0), ...plan, people: people ?? {} });
      const alert = openAlert(DEFAULT_ESCALATION_POLICY, 'urgent', at);
      const detail = { householdId: home.id, detector: STILL.detector, detectorVersion: 1, evidence: STILL };
      const alertId = (await insertAlerts(getPool(), [{ ...detail, alert, openedAt: at }])).get(home.id);
      if (alertId === undefined) throw new Error('the home has an open alert already');
      const person = (name: string): Townsperson => home.people[name] ?? raise(`${name} is nobody here`);

      return {
        alertId,
        code,
        person,
        owe: (name: string, role: Role, intent: AlertIntent = 'check_request', step = 0) =>
          oweText(getPool(), { alertId, intent, step, personId: person(name).id, role }, at),
        /** The same by a call. */
        oweCall: (name: string, role: Role, intent: AlertIntent = 'check_request', step = 0) =>
          oweText(getPool(), { alertId, intent, step, personId: person(name).id, role, channel: 'voice' }, at),
        /** The same to somebody who is not of this home's people. */
        oweTo: (personId: number, role: Role, intent: AlertIntent = 'check_request', step = 0) =>
          oweText(getPool(), { alertId, intent, step, personId, role }, at),
        close: (outcome: string) =>
          set(
            `update alert set state = 'closed', next_step_at = null, closed_at = $2, close_outcome = $3 where id = $1`,
            alertId,
            at,
            outcome,
          ),
        optOut: (name: string) => set('update person set opted_out_at = $2 where id = $1', person(name).id, at),
        answer: (name: string, outcome: string) =>
          set(
            `insert into verification (alert_id, person_id, outcome, method, answered_at) values ($1, $2, $3, 'in_person', $4)`,
            alertId,
            person(name).id,
            outcome,
            at,
          ),
        /** What the alert's timeline says, in short. */
        timeline: async () => (await timelineOf(getPool(), alertId)).map(({ type }) => type),
        timelineWithDetail: () => timelineOf(getPool(), alertId),
        outboxStates: async () => {
          const text = 'select state from outbox where alert_id = $1 order by id';
          const { rows } = await getPool().query<{ state: string }>(text, [alertId]);
          return rows.map(({ state }) => state);
        },
        deliveries: async () => {
          const text = `select delivery.id, status, gateway, reference, failure_cause as cause, failure_code as code, maybe_duplicate as "maybeDuplicate" from delivery
                        join outbox on outbox.id = outbox_id where alert_id = $1 order by delivery.id`;
          const { rows } = await getPool().query<Attempt>(text, [alertId]);
          return rows;
        },
        nextStepAt: async () => {
          const text = 'select next_step_at as "nextStepAt" from alert where id = $1';
          const { rows } = await getPool().query<{ nextStepAt: Date | null }>(text, [alertId]);
          return rows[0]?.nextStepAt;
        },
      };
    },
  };
}

interface Attempt {
  maybeDuplicate: boolean;
  readonly id: number;
  readonly status: string;
  readonly gateway: string;
  readonly reference: string | null;
  readonly cause: string | null;
  readonly code: string | null;
}

function raise(message: string): never {
  throw new Error(message);
}
