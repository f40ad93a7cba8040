import { expect, it } from 'vitest';
import { graver, SEVERITIES, severityOf } from '../../../../src/domain/alerting/finding.ts';

it('takes a home that has gone still for more urgent than a running tap', () => {
  expect([severityOf('low-use'), severityOf('running-water')]).toEqual(['urgent', 'warning']);
});

it('keeps the graver of two severities, whichever came first', () => {
  const [warning, urgent, emergency] = SEVERITIES;
  expect([graver(warning, urgent), graver(urgent, warning)]).toEqual([urgent, urgent]);
  expect([graver(emergency, warning), graver(urgent, emergency)]).toEqual([emergency, emergency]);
});
