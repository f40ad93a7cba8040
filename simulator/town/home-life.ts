import { HOUR_MS } from '../../src/domain/time.ts';
import { expectationOf, type Incident, type IncidentPlan } from './incident.ts';

/** The incidents of one home, and what they mean for its water and its meter. */
export interface HomeLife {
  readonly incidents: () => readonly Incident[];
  /** Somebody who would draw water is at home and able to. */
  readonly isAnybodyHome: (atMs: number) => boolean;
  /** Whole litres that ran away from taps and pipes until then, without anybody drawing them. */
  readonly litresRunAway: (atMs: number) => number;
  readonly isMeterSilent: (atMs: number) => boolean;
  /** The incident that somebody at the door would come upon; of several, the one that was planned first. */
  readonly foundAt: (atMs: number) => Incident | undefined;
  /** Ends what can be ended at the door: the person is helped, the tap closed, the pipe mended. Returns what it ended. */
  readonly resolve: (at: Date) => readonly Incident[];
}

export function lifeOf(plans: readonly IncidentPlan[]): HomeLife {
  let incidents: readonly Incident[] = plans.map((plan) => ({
    ...plan,
    endedAt: plan.kind === 'away' ? plan.until : undefined,
    expects: expectationOf(plan),
  }));
  return {
    incidents: () => incidents,
    isAnybodyHome: (atMs) =>
      !incidents.some((each) => (each.kind === 'stops' || each.kind === 'away') && isGoingOn(each, atMs)),
    litresRunAway: (atMs) => incidents.reduce((sum, each) => sum + litresLost(each, atMs), 0),
    isMeterSilent: (atMs) => incidents.some((each) => each.kind === 'meter_silent' && isGoingOn(each, atMs)),
    foundAt: (atMs) => incidents.find((each) => each.kind !== 'meter_silent' && isGoingOn(each, atMs)),
    resolve: (at) => {
      const ended = incidents.filter((each) => endsAtTheDoor(each) && isGoingOn(each, at.getTime()));
      incidents = incidents.map((each) => (ended.includes(each) ? { ...each, endedAt: at } : each));
      return ended;
    },
  };
}

function isGoingOn({ from, endedAt }: Incident, atMs: number): boolean {
  return from.getTime() <= atMs && (endedAt === undefined || atMs < endedAt.getTime());
}

function endsAtTheDoor({ kind }: Incident): boolean {
  return kind === 'stops' || kind === 'tap_left_running' || kind === 'leak';
}

function litresLost(incident: Incident, atMs: number): number {
  if (incident.kind !== 'tap_left_running' && incident.kind !== 'leak') return 0;
  const untilMs = Math.min(atMs, incident.endedAt?.getTime() ?? atMs);
  const hours = Math.max(0, untilMs - incident.from.getTime()) / HOUR_MS;
  return Math.floor(incident.litresPerHour * hours);
}
