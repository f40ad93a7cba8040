import { HOUR_MS } from '../../src/domain/time.ts';

interface AtHome {
  readonly homeCode: string;
  readonly from: Date;
}

/** Something that happens in a home, or to its meter. */
export type IncidentPlan =
  | (AtHome & { readonly kind: 'stops' })
  | (AtHome & { readonly kind: 'tap_left_running'; readonly litresPerHour: number })
  | (AtHome & { readonly kind: 'leak'; readonly litresPerHour: number })
  | (AtHome & { readonly kind: 'away'; readonly until: Date; readonly announced: boolean })
  | (AtHome & { readonly kind: 'meter_silent' });

/** What a service that watches over the home should make of an incident. */
export type Expectation = 'low-use' | 'running-water' | 'meter-silent' | 'nothing';

/** What really happened. A plan with its end: undefined while it goes on. */
export type Incident = IncidentPlan & { readonly endedAt: Date | undefined; readonly expects: Expectation };

/** From this flow on a leak is as bad as running water. */
const GRAVE_LEAK_LITRES_PER_HOUR = 5;
/** An empty home shows little water for a whole day only when it is empty for longer than this. */
const NOTICED_ABSENCE_MS = 30 * HOUR_MS;

/** What the incident should lead to when nobody ends it before it can be seen. */
export function expectationOf(plan: IncidentPlan): Expectation {
  switch (plan.kind) {
    case 'stops':
      return 'low-use';
    case 'tap_left_running':
      return 'running-water';
    case 'leak':
      return plan.litresPerHour >= GRAVE_LEAK_LITRES_PER_HOUR ? 'running-water' : 'nothing';
    case 'away':
      return !plan.announced && lengthMs(plan) >= NOTICED_ABSENCE_MS ? 'low-use' : 'nothing';
    case 'meter_silent':
      return 'meter-silent';
  }
}

function lengthMs({ from, until }: { readonly from: Date; readonly until: Date }): number {
  return until.getTime() - from.getTime();
}
