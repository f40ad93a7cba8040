import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { type JobDeps, scheduledJobs } from '../../src/main/jobs.ts';
import * as jobs from '../../src/queue/jobs.ts';

/** Nothing is run, so nothing is needed. */
const nothing = { detect: {}, dispatch: {}, onDetectorRun: () => undefined } as unknown as JobDeps;
const scheduled = scheduledJobs({ ...nothing, everyMs: loadConfig({}).everyMs });

const idle = (done: readonly { readonly definition: { readonly name: string } }[]) =>
  Object.values(jobs).filter((job) => !done.some(({ definition }) => definition.name === job.name));

it('has somebody for every job, each with a period of its own', () => {
  expect(idle(scheduled)).toEqual([]);
  expect(scheduled.every(({ everyMs }) => everyMs > 0)).toBe(true);
});

it('notices a job that nobody does', () => {
  expect(idle(scheduled.filter(({ definition }) => definition !== jobs.escalate))).toEqual([jobs.escalate]);
});
