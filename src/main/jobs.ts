import { auditAlerts } from '../alerts/audit-alerts.ts';
import { escalateDueAlerts } from '../alerts/escalate-due-alerts.ts';
import { handOverAlerts } from '../alerts/hand-over-alerts.ts';
import type { Config } from '../config/config.ts';
import type { DetectorDeps } from '../detectors/detector-deps.ts';
import { askToLookIn } from '../detectors/areas/ask-to-look-in.ts';
import { watchAreas } from '../detectors/areas/watch-areas.ts';
import { oweDailyWords } from '../detectors/daily-word/owe-daily-words.ts';
import { runDetectors } from '../detectors/run-detectors.ts';
import { tellOfTickets } from '../detectors/tell-of-tickets.ts';
import type { DispatchDeps } from '../notify/dispatch-deps.ts';
import { wakeable } from '../core/wakeable.ts';
import { auditDeliveries } from '../notify/audit-deliveries.ts';
import { dispatchOutbox } from '../notify/dispatch-outbox.ts';
import * as jobs from '../queue/jobs.ts';
import type { ScheduledJob } from '../queue/schedule.ts';
import { startStopwatch } from '../core/clock.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import type { Decoder } from '../ingest/decoders/decoder.ts';
import { retainReadings } from '../ingest/retention/retain-readings.ts';
import { rollUpDays } from '../ingest/roll-up/roll-up-days.ts';
import { housekeep } from './housekeep.ts';
import type { PolicyNow } from './policies.ts';
import type { ServiceRole } from './roles.ts';
import { watchRoster } from '../roster/watch-roster.ts';
import { survey } from './survey.ts';
import { tendQuarantine } from './tend-quarantine.ts';

export interface JobDeps {
  readonly detect: DetectorDeps;
  /** The policy in force, asked for anew by each run that judges. */
  readonly policyNow: () => Promise<PolicyNow>;
  readonly dispatch: DispatchDeps;
  /** Whether this process sends texts too: then a new alert's leave at once and not at the next look. */
  readonly sendsTexts: boolean;
  readonly everyMs: Config['everyMs'];
  /** For how many days readings are kept. */
  readonly keptDays: number;
  /** Told of each run of the detectors: how long it took and how many homes it judged. */
  readonly onDetectorRun: (seconds: number, homes: number) => void;
  /** IANA zone of the people who see to the roster, and of communities that have no homes of their own. */
  readonly timeZone: string;
  /** The formats that are understood; those that come with the program when left out. */
  readonly decoders?: readonly Decoder[];
}

/** A meter that is registered has its readings of before within half a minute. */
const QUARANTINE_EVERY_MS = 30 * SECOND_MS;
/** Each run adds up the days of the homes that were heard of since: more often would be more work for the same days. */
const ROLL_UP_EVERY_MS = 5 * MINUTE_MS;

/** A daily word that comes some minutes after the water is as good as one that comes at once. */
const DAILY_WORDS_EVERY_MS = 5 * MINUTE_MS;

/** The scheduled jobs of the service, each with the role that runs it. */
export function scheduledJobs({
  detect,
  policyNow,
  dispatch,
  sendsTexts,
  everyMs,
  keptDays,
  timeZone,
  onDetectorRun,
  decoders,
}: JobDeps): (ScheduledJob & { readonly role: ServiceRole })[] {
  const sendTexts = wakeable(() => dispatchOutbox(dispatch));
  const sendNow = () => (sendsTexts ? sendTexts().catch(logLater(dispatch)) : undefined);
  const sendNewTexts = (news: number) => (news > 0 ? sendNow() : undefined);
  return [
    {
      role: 'detect',
      definition: jobs.detect,
      everyMs: everyMs.detect,
      handle: async () => {
        const took = startStopwatch();
        const summary = await runDetectors({ ...detect, ...(await policyNow()), onOpened: () => void sendNow() });
        onDetectorRun(took() / SECOND_MS, summary.homes);
        await sendNewTexts(summary.alertsOpened);
      },
    },
    {
      role: 'detect',
      definition: jobs.areas,
      everyMs: MINUTE_MS,
      handle: async () => {
        const deps = { ...detect, ...(await policyNow()) };
        await watchAreas(deps);
        await askToLookIn(deps);
      },
    },
    {
      role: 'detect',
      definition: jobs.rollUp,
      everyMs: ROLL_UP_EVERY_MS,
      handle: () => rollUpDays({ ...detect, keptDays }),
    },
    {
      role: 'ingest',
      definition: jobs.retention,
      everyMs: HOUR_MS,
      handle: () => retainReadings({ ...detect, keptDays }),
    },
    { role: 'ingest', definition: jobs.housekeep, everyMs: HOUR_MS, handle: () => housekeep(detect) },
    {
      role: 'ingest',
      definition: jobs.quarantine,
      everyMs: QUARANTINE_EVERY_MS,
      handle: () => tendQuarantine({ ...detect, decoders, keptDays }),
    },
    {
      role: 'notify',
      definition: jobs.escalate,
      everyMs: everyMs.escalate,
      handle: async () => {
        const moved = await escalateDueAlerts(detect);
        await handOverAlerts(detect);
        await sendNewTexts(moved);
      },
    },
    {
      role: 'notify',
      definition: jobs.dailyWords,
      everyMs: DAILY_WORDS_EVERY_MS,
      handle: () => oweDailyWords(detect),
    },
    {
      role: 'detect',
      definition: jobs.survey,
      everyMs: HOUR_MS,
      handle: async () => {
        const now = await policyNow();
        await survey({ ...detect, ...now });
        await tellOfTickets({ ...detect, ...now, timeZone });
      },
    },
    {
      role: 'notify',
      definition: jobs.auditAlerts,
      everyMs: MINUTE_MS,
      handle: async () => {
        await auditAlerts(detect);
        await auditDeliveries(dispatch);
      },
    },
    {
      role: 'notify',
      definition: jobs.auditRoster,
      everyMs: HOUR_MS,
      handle: () => watchRoster({ ...detect, timeZone }),
    },
    { role: 'notify', definition: jobs.dispatch, everyMs: everyMs.dispatch, handle: sendTexts },
  ];
}

/** Whoever raised alerts has done so, whether or not the texts could leave: the next look tries again. */
function logLater({ log }: DispatchDeps): (error: unknown) => void {
  return (error) => log.error({ err: error }, 'the texts of new alerts did not leave at once; they are tried again');
}
