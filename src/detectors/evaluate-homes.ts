import { noteRecovery } from '../alerts/note-recovery.ts';
import { withdrawAlert } from '../alerts/withdraw-alert.ts';
import { crashPoint } from '../core/crash-point.ts';
import { reviewOpenAlerts } from '../db/findings.ts';
import { type HomeWatch, saveHomeWatches } from '../db/home-watch.ts';
import { type KeptHabit, saveHabits } from '../db/home-habits.ts';
import { inTransaction, type Tx } from '../db/sql.ts';
import { closeSilentMeterTickets, openSilentMeterTickets } from '../db/tickets.ts';
import { DAY_MS, HOUR_MS } from '../domain/time.ts';
import { raiseOrHold } from './areas/raise-or-hold.ts';
import type { DetectorDeps, RunSummary } from './detector-deps.ts';
import { endAbsenceByWater } from './end-absence-by-water.ts';
import { homesWithWaterAgain } from './end-absences.ts';
import { type Judgement, judgeHome } from './judge-home.ts';
import { habitToKeep } from './load-habits.ts';
import { type HomeToJudge, type LoadedHome, loadHomes } from './load-homes.ts';
import { type OpenFinding, reconcileFindings } from './reconcile-findings.ts';
import { reportFaults } from './report-faults.ts';
import { settledAtMs } from './settled-at.ts';
import { policyOf } from './tier-policy.ts';

interface JudgedHome {
  readonly home: LoadedHome;
  readonly judgement: Judgement;
}

interface JudgedFindings extends JudgedHome {
  readonly open: readonly OpenFinding[];
}

/**
 * Judges homes and acts on it: findings first, then alerts, then tickets and the watch list.
 *
 * Each part is a transaction of its own and safe to run again: a run that dies between two of them is finished by the
 * next, which judges the same homes and finds the same. The watch list comes last: it says that a home need not be
 * looked at again before long.
 */
export async function evaluateHomes(deps: DetectorDeps, homes: readonly HomeToJudge[]): Promise<RunSummary> {
  const now = deps.clock.now();
  const loaded = await loadHomes(deps.pool, homes, deps.policies, now);
  const judged = loaded.map((home) => ({
    home,
    judgement: judgeHome(home.series, home.heard, policyOf(deps.policies, home), now.getTime()),
  }));
  const found = await storeWhatWasFound(deps, judged, now);
  crashPoint('detect.found');
  const awaiting = homesAwaitingMore(judged, now);
  const isSettled = ({ home }: JudgedHome) => !awaiting.has(home.householdId);
  const { alertsOpened, lookAgainAt } = await raiseOrHold(
    deps,
    judged.filter(isSettled).map(({ home }) => home.householdId),
    found
      .filter(isSettled)
      .map(({ home: { householdId, tier, communities }, open }) => ({ householdId, tier, communities, open })),
  );
  crashPoint('detect.raised');
  await reviewAlerts(deps, judged);
  crashPoint('detect.reviewed');
  const ticketsOpened = await inTransaction(deps.pool, async (tx) => {
    const faultsSeen = await reportFaults(
      tx,
      judged.map(({ home }) => home),
      now,
    );
    const opened = faultsSeen + (await reportSilentMeters(tx, judged, now));
    const lookAgain = new Map([...lookAgainAt, ...awaiting]);
    const watches = judged.map((each) => homeWatch(each, now, lookAgain));
    await saveHomeWatches(tx, watches, now);
    return opened;
  });
  crashPoint('detect.watched');
  return { homes: judged.length, homesSetAside: 0, alertsOpened, ticketsOpened };
}

/** Most homes have no findings, before or after, and nothing new about their habits: they cost no statement. */
async function storeWhatWasFound(
  { pool }: DetectorDeps,
  judged: readonly JudgedHome[],
  now: Date,
): Promise<JudgedFindings[]> {
  const touched = judged.filter(
    ({ home, judgement }) => home.standing.length > 0 || judgement.found.some(({ episodes }) => episodes.length > 0),
  );
  const returned = homesWithWaterAgain(
    judged.map(({ home }) => home),
    now,
  );
  const habits = changedHabits(judged);
  if (touched.length + returned.length + habits.length === 0) return [];
  return inTransaction(pool, async (tx) => {
    for (const each of returned) await endAbsenceByWater(tx, each, now);
    if (habits.length > 0) await saveHabits(tx, habits);
    const open = await reconcileFindings(
      tx,
      touched.map(({ home, judgement: { found } }) => ({ home, found })),
      now,
    );
    return touched.map((each, i) => ({ ...each, open: open[i] ?? [] }));
  });
}

/** What is known of a home changes when a local day is over, or when late readings came; mostly it does not. */
function changedHabits(judged: readonly JudgedHome[]): KeptHabit[] {
  const changed = judged.filter(({ home: { series, habitKeptUntilMs } }) => {
    const { untilMs } = series.habit;
    return untilMs !== -Infinity && untilMs !== habitKeptUntilMs;
  });
  return changed.map(({ home: { householdId, series, habitWritten } }) =>
    habitToKeep(householdId, series.habit, habitWritten),
  );
}

/**
 * Withdraws alerts that were never true, and notes water that came back. It looks at every home, also where no finding
 * stands: a run may have died after it had withdrawn the last one.
 */
async function reviewAlerts(deps: DetectorDeps, judged: readonly JudgedHome[]): Promise<void> {
  const reviews = await reviewOpenAlerts(
    deps.pool,
    judged.map(({ home }) => home.householdId),
  );
  for (const { alertId, standing, open, recovered } of reviews) {
    if (standing === 0) await withdrawAlert(deps, alertId);
    else if (recovered !== (open === 0)) await noteRecovery(deps, { alertId, recovered: open === 0 });
  }
}

async function reportSilentMeters(tx: Tx, judged: readonly JudgedHome[], now: Date): Promise<number> {
  const silent = judged.flatMap(({ home, judgement }) =>
    judgement.silentMeters.map(({ meterId, lastHeardMs, periodMs }) => ({
      meterId,
      householdId: home.householdId,
      lastHeardAt: new Date(lastHeardMs),
      usualHours: periodMs === undefined ? undefined : Math.round(periodMs / HOUR_MS),
    })),
  );
  const silentIds = new Set(silent.map(({ meterId }) => meterId));
  const boundIds = judged.flatMap(({ home }) => home.heard.map(({ meterId }) => meterId));
  const heardMeterIds = boundIds.filter((id) => !silentIds.has(id));
  const householdIds = judged.map(({ home }) => home.householdId);
  await closeSilentMeterTickets(tx, { heardMeterIds, householdIds }, now);
  return silent.length === 0 ? 0 : openSilentMeterTickets(tx, silent, now);
}

/** The homes of which more readings are thought to be on their way, and until when nobody is woken for what was found. */
function homesAwaitingMore(judged: readonly JudgedHome[], now: Date): Map<number, Date> {
  const awaiting = new Map<number, Date>();
  for (const { home, judgement } of judged) {
    const { lastReadMs, found } = judgement;
    if (lastReadMs === undefined || !found.some(({ isTellable }) => isTellable)) continue;
    const settledMs = settledAtMs(home, lastReadMs);
    if (settledMs > now.getTime()) awaiting.set(home.householdId, new Date(settledMs));
  }
  return awaiting;
}

function homeWatch({ home, judgement }: JudgedHome, now: Date, lookAgainAt: ReadonlyMap<number, Date>): HomeWatch {
  const at = (timeMs: number | undefined) => (timeMs === undefined ? undefined : new Date(timeMs));
  const nextCheckMs = judgement.nextCheckMs ?? now.getTime() + DAY_MS;
  const lookAgainMs = lookAgainAt.get(home.householdId)?.getTime() ?? Infinity;
  const heardMs = home.heard.map(({ lastHeardMs }) => lastHeardMs);
  return {
    householdId: home.householdId,
    verdict: judgement.verdict,
    lastReadAt: at(judgement.lastReadMs),
    lastReceivedAt: at(heardMs.length === 0 ? undefined : Math.max(...heardMs)),
    lastUseAt: at(judgement.lastUseMs),
    nextCheckAt: new Date(Math.min(nextCheckMs, lookAgainMs)),
  };
}
