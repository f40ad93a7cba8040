import { describe, expect, it } from 'vitest';
import type { Expectation, Incident } from '../../../simulator/town/incident.ts';
import type { AlertOutcome, TicketOutcome } from '../../../src/db/town-outcomes.ts';
import { judgeDay } from '../../../src/main/demo/judge-day.ts';

const NOON = new Date('2026-03-02T04:00:00Z');

const incident = (homeCode: string, expects: Expectation): Incident => ({
  kind: 'stops',
  homeCode,
  from: NOON,
  endedAt: undefined,
  expects,
});
const wellDone = (homeCode: string, more: Partial<AlertOutcome> = {}): AlertOutcome => ({
  alertId: 1,
  homeCode,
  detectors: ['low-use'],
  evidence: undefined,
  openedAt: NOON,
  state: 'closed',
  closeOutcome: 'safe',
  textsSent: 2,
  answers: 1,
  standDownsOwed: 2,
  standDownsSent: 2,
  ...more,
});
const ticket = (homeCode: string | null, kind = 'meter_silent'): TicketOutcome => ({
  homeCode,
  kind,
  openedAt: NOON,
  isOpen: true,
});

/** The sentences that did not come true. */
const broken = (...day: Parameters<typeof judgeDay>) =>
  judgeDay(...day)
    .filter(({ holds }) => !holds)
    .map(({ sentence }) => sentence);

const STILL = [incident('SW-1', 'low-use')];

describe('the judgement of a day', () => {
  it('finds no fault with a day on which everybody was seen to and nobody else was troubled', () => {
    const truth = [
      ...STILL,
      incident('SW-2', 'running-water'),
      incident('SW-3', 'meter-silent'),
      incident('SW-4', 'nothing'),
    ];
    const alerts = [wellDone('SW-1'), wellDone('SW-2', { detectors: ['low-use', 'running-water'] })];

    expect(broken(truth, alerts, [ticket('SW-3')])).toEqual([]);
    expect(judgeDay(truth, alerts, [ticket('SW-3')])).toHaveLength(13);
  });

  it.each([
    ['was raised as one alert', [wellDone('SW-1'), wellDone('SW-1')]],
    ['was raised as one alert', [wellDone('SW-1', { detectors: ['running-water'] })]],
    ['was texted', [wellDone('SW-1', { textsSent: 1 })]],
    ['was verified by a person', [wellDone('SW-1', { answers: 0 })]],
    ['was closed', [wellDone('SW-1', { state: 'open' })]],
  ])('says when the person at home %s not', (what, alerts) => {
    expect(broken(STILL, alerts, [])).toEqual([`the low-use at SW-1 ${what}`]);
  });

  it('says when somebody was told twice that it is over, or never', () => {
    for (const standDownsSent of [1, 3]) {
      expect(broken(STILL, [wellDone('SW-1', { standDownsSent })], [])).toEqual([
        'everybody texted about SW-1 was told that it is over, once',
      ]);
    }
  });

  it('finds everything wrong with a person of whom nobody took notice', () => {
    expect(broken(STILL, [], [])).toHaveLength(5);
  });

  it('says which other homes were alerted, and which other meters got a ticket', () => {
    expect(broken(STILL, [wellDone('SW-1'), wellDone('SW-7')], [ticket('SW-8'), ticket(null)])).toEqual([
      'no other home was alerted (but: SW-7)',
      'no other meter was taken for silent (but: SW-8, ?)',
    ]);
  });

  it('wants a ticket and no alert for a silent meter', () => {
    const silent = [incident('SW-3', 'meter-silent')];
    const complaint = 'the silent meter of SW-3 became a ticket and not an alert';

    expect(broken(silent, [], [])).toEqual([complaint]);
    expect(broken(silent, [], [ticket('SW-3', 'another_kind')])).toEqual([complaint]);
    expect(broken(silent, [wellDone('SW-3')], [ticket('SW-3')])).toContain(complaint);
  });
});

it('takes a person who stopped for found, whichever rule of stillness spoke first', () => {
  const found = (detector: string) => [wellDone('SW-0001', { detectors: [detector] })];

  expect(broken([incident('SW-0001', 'low-use')], found('inactivity'), [])).toEqual([]);
  expect(broken([incident('SW-0001', 'low-use')], found('running-water'), [])).not.toEqual([]);
});
