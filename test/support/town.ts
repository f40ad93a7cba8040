import type { Role } from '../../src/domain/alerting/escalation-policy.ts';
import type { Language } from '../../src/domain/language.ts';
import type { DbPool } from '../../src/db/sql.ts';

/** Somebody of the town who can be texted. */
export interface Townsperson {
  readonly id: number;
  readonly phone: string;
}

export interface Home {
  readonly id: number;
  readonly code: string;
  readonly meterId: number;
  readonly serial: string;
  readonly people: Readonly<Record<string, Townsperson>>;
}

export interface HomePlan {
  readonly code: string;
  readonly resident?: string;
  readonly tier?: 1 | 2 | 3;
  readonly timeZone?: string;
  readonly monitoredFrom: Date;
  /** Who answers for the home, by a name the story calls them. */
  readonly people?: Readonly<Record<string, { role: Role; position?: number; language?: Language; name?: string }>>;
}

let nextPhone = 13_800_000_000;

/** Puts homes and people straight into the tables, where a test tells a story and the import is not its subject. */
export function townIn(getPool: () => DbPool) {
  const insert = async (text: string, values: readonly unknown[]): Promise<number> => {
    const { rows } = await getPool().query(text, [...values]);
    return (rows[0] as { id: number }).id;
  };

  /** Each home has a community of its own, so that the staff of one story do not answer in another. */
  async function community(code: string): Promise<number> {
    const upsert = `insert into community (code, name, level, parent_id) values ($1, $1, $2, $3)
                    on conflict (code) do update set name = excluded.name returning id`;
    const city = await insert(upsert, ['city', 'city', null]);
    const town = await insert(upsert, ['town', 'town', city]);
    return insert(upsert, [`community of ${code}`, 'community', town]);
  }

  async function person(name: string, language: Language): Promise<Townsperson> {
    nextPhone += 1;
    const phone = `+86${nextPhone}`;
    const id = await insert('insert into person (name, phone, language) values ($1, $2, $3) returning id', [
      name,
      phone,
      language,
    ]);
    return { id, phone };
  }

  async function assign(homeId: number, communityId: number, personId: number, role: Role, position: number) {
    const isStaff = role === 'supervisor' || role === 'desk';
    const [table, column, owner] = isStaff
      ? ['community_staff', 'community_id', communityId]
      : ['pairing', 'household_id', homeId];
    await insert(`insert into ${table} (${column}, person_id, role, position) values ($1, $2, $3, $4) returning id`, [
      owner,
      personId,
      role,
      position,
    ]);
  }

  return {
    /** A home with a meter that reads every hour, and the people who answer for it. */
    async home(plan: HomePlan): Promise<Home> {
      const communityId = await community(plan.code);
      const id = await insert(
        `insert into household (code, community_id, tier, time_zone, monitored_from) values ($1, $2, $3, $4, $5) returning id`,
        [plan.code, communityId, plan.tier ?? 2, plan.timeZone ?? 'Asia/Shanghai', plan.monitoredFrom],
      );
      await insert('insert into resident (household_id, name) values ($1, $2) returning id', [
        id,
        plan.resident ?? '张伟',
      ]);
      const serial = `M-${plan.code}`;
      const meterId = await insert('insert into meter (serial) values ($1) returning id', [serial]);
      await insert('insert into meter_binding (meter_id, household_id, bound_from) values ($1, $2, $3) returning id', [
        meterId,
        id,
        plan.monitoredFrom,
      ]);
      const people: Record<string, Townsperson> = {};
      for (const [name, { role, position, language, name: fullName }] of Object.entries(plan.people ?? {})) {
        const someone = await person(fullName ?? name, language ?? 'zh-CN');
        await assign(id, communityId, someone.id, role, position ?? 1);
        people[name] = someone;
      }
      return { id, code: plan.code, meterId, serial, people };
    },
  };
}
