import { HOUR_MS } from '../time.ts';

/** What can befall an area: its meters are not heard of, or tell of no water. */
export const AREA_CAUSES = ['silent', 'dry'] as const;
export type AreaCause = (typeof AREA_CAUSES)[number];

/** When many homes that are alike at once count as one outage. */
export interface CauseRule {
  /** Hours without a message, or without water, after which a home counts as affected. */
  readonly hours: number;
  /** Of the homes that would not be affected at this hour, the share that is. */
  readonly lostShare: number;
  /** The usual share before it has been learnt. */
  readonly defaultShare: number;
}

/** How outages are known, and how long alerts may wait. */
export interface AreaPolicy {
  readonly leastHomes: number;
  /** How unlikely so many affected homes must be by mere chance. */
  readonly chance: number;
  readonly causes: Readonly<Record<AreaCause, CauseRule>>;
  /** The longest that an outage or works may keep an alert waiting. */
  readonly holdHours: number;
  /** So many alerts an hour are raised at once; further ones queue. */
  readonly alertsAnHour: { readonly least: number; readonly shareOfHomes: number };
  /** The longest that the queue may keep an alert waiting, by tier, in hours; 0 never queues. Twice that on holidays. */
  readonly queueHours: Readonly<Record<1 | 2 | 3, number>>;
  /** After so many unwatched hours of a home, by tier, somebody is asked to look in; so many later the desk is told. */
  readonly lookIn: { readonly afterHours: Readonly<Record<1 | 2 | 3, number>>; readonly deskAfterHours: number };
  /** Whose public holidays are kept. */
  readonly holidays: 'CN' | 'none';
  /** Meters, by serial, that send every minute from where the others do: all of them late, readings do not come in. */
  readonly canaries: { readonly meters: readonly string[]; readonly lateMinutes: number };
}

export const DEFAULT_AREA_POLICY: AreaPolicy = {
  leastHomes: 10,
  chance: 1e-5,
  causes: {
    silent: { hours: 3, lostShare: 0.3, defaultShare: 0.05 },
    dry: { hours: 3, lostShare: 0.7, defaultShare: 0.35 },
  },
  holdHours: 2,
  alertsAnHour: { least: 20, shareOfHomes: 0.01 },
  queueHours: { 1: 0, 2: 2, 3: 4 },
  lookIn: { afterHours: { 1: 36, 2: 36, 3: 36 }, deskAfterHours: 12 },
  holidays: 'CN',
  canaries: { meters: [], lateMinutes: 4 },
};

/** What an authority may set; the rest stays at the default. */
export type AreaPolicyOverrides = { readonly [Part in keyof AreaPolicy]?: AreaPolicy[Part] | undefined };

/** The defaults with an authority's overrides laid over them. */
export function areaPolicy(set: AreaPolicyOverrides = {}): AreaPolicy {
  return {
    leastHomes: set.leastHomes ?? DEFAULT_AREA_POLICY.leastHomes,
    chance: set.chance ?? DEFAULT_AREA_POLICY.chance,
    causes: set.causes ?? DEFAULT_AREA_POLICY.causes,
    holdHours: set.holdHours ?? DEFAULT_AREA_POLICY.holdHours,
    alertsAnHour: set.alertsAnHour ?? DEFAULT_AREA_POLICY.alertsAnHour,
    queueHours: set.queueHours ?? DEFAULT_AREA_POLICY.queueHours,
    lookIn: set.lookIn ?? DEFAULT_AREA_POLICY.lookIn,
    holidays: set.holidays ?? DEFAULT_AREA_POLICY.holidays,
    canaries: set.canaries ?? DEFAULT_AREA_POLICY.canaries,
  };
}

/** So many alerts may be raised an hour where so many homes are watched. */
export function mostAlertsAnHour({ alertsAnHour }: AreaPolicy, homes: number): number {
  return Math.max(alertsAnHour.least, Math.floor(homes * alertsAnHour.shareOfHomes));
}

/** For how long the queue may keep an alert waiting, in milliseconds. */
export function queueMs({ queueHours }: AreaPolicy, tier: 1 | 2 | 3, isHoliday: boolean): number {
  return queueHours[tier] * HOUR_MS * (isHoliday ? 2 : 1);
}
