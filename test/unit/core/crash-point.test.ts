import { afterEach, expect, it, vi } from 'vitest';
import { armCrashPoint, crashPoint } from '../../../src/core/crash-point.ts';

const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
afterEach(() => kill.mockClear());

it('kills the process without warning on the pass that was asked for, and at no other place', () => {
  armCrashPoint('after_commit', 2);

  crashPoint('before_commit');
  crashPoint('after_commit');
  expect(kill).not.toHaveBeenCalled();

  crashPoint('after_commit');
  crashPoint('after_commit');
  expect(kill.mock.calls).toEqual([[process.pid, 'SIGKILL']]);
});
