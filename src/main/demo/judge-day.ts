import type { Expectation, Incident } from '../../../simulator/town/incident.ts';
import type { AlertOutcome, TicketOutcome } from '../../db/town-outcomes.ts';

/** A sentence about the day, and whether it came true. */
export interface DayCheck {
  readonly sentence: string;
  readonly holds: boolean;
}

/**
 * Holds what the service made of the day against what really happened: each person and each tap alerted, texted,
 * verified and closed; the silent meter a ticket and no alert; nobody else alerted.
 */
export function judgeDay(
  truth: readonly Incident[],
  alerts: readonly AlertOutcome[],
  tickets: readonly TicketOutcome[],
): DayCheck[] {
  const expected = (expects: Expectation) => truth.filter((incident) => incident.expects === expects);
  const welfare = [...expected('low-use'), ...expected('running-water')];
  const silent = expected('meter-silent');
  return [
    ...welfare.flatMap((incident) =>
      judgeIncident(
        incident,
        alerts.filter(({ homeCode }) => homeCode === incident.homeCode),
      ),
    ),
    ...silent.map(({ homeCode }) => ({
      sentence: `the silent meter of ${homeCode} became a ticket and not an alert`,
      holds:
        tickets.some((ticket) => ticket.homeCode === homeCode && ticket.kind === 'meter_silent') &&
        alerts.every((alert) => alert.homeCode !== homeCode),
    })),
    nobodyElse('no other home was alerted', alerts, welfare),
    nobodyElse(
      'no other meter was taken for silent',
      tickets.filter(({ kind }) => kind === 'meter_silent'),
      silent,
    ),
  ];
}

/** A person who uses no water is found by whichever rule of stillness speaks first. */
const RAISED_BY: Readonly<Record<Expectation, readonly string[]>> = {
  'low-use': ['inactivity', 'low-use'],
  'running-water': ['running-water'],
  'meter-silent': [],
  nothing: [],
};

function judgeIncident({ homeCode, expects }: Incident, alerts: readonly AlertOutcome[]): DayCheck[] {
  const [alert] = alerts;
  const isRaised = RAISED_BY[expects].some((detector) => alert?.detectors.includes(detector));
  const about = `the ${expects} at ${homeCode}`;
  return [
    {
      sentence: `${about} was raised as one alert`,
      holds: alerts.length === 1 && isRaised,
    },
    { sentence: `${about} was texted`, holds: (alert?.textsSent ?? 0) >= 2 },
    { sentence: `${about} was verified by a person`, holds: (alert?.answers ?? 0) >= 1 },
    { sentence: `${about} was closed`, holds: alert?.state === 'closed' },
    {
      sentence: `everybody texted about ${homeCode} was told that it is over, once`,
      holds: alert !== undefined && alert.standDownsSent === alert.standDownsOwed,
    },
  ];
}

function nobodyElse(
  sentence: string,
  outcomes: readonly { readonly homeCode: string | null }[],
  expected: readonly Incident[],
): DayCheck {
  const codes = new Set<string | null>(expected.map(({ homeCode }) => homeCode));
  const others = outcomes.filter(({ homeCode }) => !codes.has(homeCode)).map(({ homeCode }) => homeCode ?? '?');
  return {
    sentence: others.length === 0 ? sentence : `${sentence} (but: ${others.join(', ')})`,
    holds: others.length === 0,
  };
}
