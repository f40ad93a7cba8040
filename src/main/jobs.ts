import { escalateDueAlerts } from '../alerts/escalate-due-alerts.ts';
import type { Config } from '../config/config.ts';
import type { DetectorDeps } from '../detectors/detector-deps.ts';
import { runDetectors } from '../detectors/run-detectors.ts';
import type { DispatchDeps } from '../notify/dispatch-deps.ts';
import { dispatchOutbox } from '../notify/dispatch-outbox.ts';
import * as jobs from '../queue/jobs.ts';
import type { ScheduledJob } from '../queue/schedule.ts';
import { HOUR_MS } from '../domain/time.ts';
import { housekeep } from './housekeep.ts';
import type { ServiceRole } from './roles.ts';

export interface JobDeps {
  readonly detect: DetectorDeps;
  readonly dispatch: DispatchDeps;
  readonly everyMs: Config['everyMs'];
  /** Told of each run of the detectors: how long it took and how many homes it judged. */
  readonly onDetectorRun: (seconds: number, homes: number) => void;
}

/** The scheduled jobs of the service, each with the role that runs it. */
export function scheduledJobs({
  detect,
  dispatch,
  everyMs,
  onDetectorRun,
}: JobDeps): (ScheduledJob & { readonly role: ServiceRole })[] {
  return [
    {
      role: 'detect',
      definition: jobs.detect,
      everyMs: everyMs.detect,
      handle: async () => {
        const startedMs = performance.now();
        const summary = await runDetectors(detect);
        if (summary) onDetectorRun((performance.now() - startedMs) / 1_000, summary.homes);
      },
    },
    { role: 'ingest', definition: jobs.housekeep, everyMs: HOUR_MS, handle: () => housekeep(detect) },
    { role: 'notify', definition: jobs.escalate, everyMs: everyMs.escalate, handle: () => escalateDueAlerts(detect) },
    { role: 'notify', definition: jobs.dispatch, everyMs: everyMs.dispatch, handle: () => dispatchOutbox(dispatch) },
  ];
}
