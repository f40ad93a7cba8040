import { expect, it } from 'vitest';
import { OUTCOMES, settles } from '../../../../src/domain/alerting/outcome.ts';

it('is over when the person is well or known to be away, and not while somebody must still go', () => {
  expect(OUTCOMES.filter(settles)).toEqual(['safe', 'false_alarm', 'away']);
});
