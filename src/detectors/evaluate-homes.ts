import { noteRecovery } from '../alerts/note-recovery.ts';
import { withdrawAlert } from '../alerts/withdraw-alert.ts';
import { reviewOpenAlerts } from '../db/findings.ts';
import { type HomeWatch, saveHomeWatches } from '../db/home-watch.ts';
import { saveHabits } from '../db/home-habits.ts';
import { inTransaction } from '../db/sql.ts';
import { closeSilentMeterTickets, openSilentMeterTickets } from '../db/tickets.ts';
import { DAY_MS } from '../domain/time.ts';
import { raiseOrHold } from './areas/raise-or-hold.ts';
import type { DetectorDeps, RunSummary } from './detector-deps.ts';
import { endAbsencesWithWater } from './end-absences.ts';
import { type Judgement, judgeHome } from './judge-home.ts';
import { habitToKeep } from './load-habits.ts';
import { type HomeToJudge, type LoadedHome, loadHomes } from './load-homes.ts';
import { type OpenFinding, reconcileFindings } from './reconcile-findings.ts';

interface JudgedHome {
  readonly home: LoadedHome;
  readonly judgement: Judgement;
  readonly open: readonly OpenFinding[];
}

/**
 * Judges homes and acts on it: findings first, then alerts, then tickets and the watch list.
 *
 * Each part is a transaction of its own and safe to run again: a run that dies between two of them is finished by the
 * next, which judges the same homes and finds the same.
 */
export async function evaluateHomes(deps: DetectorDeps, homes: readonly HomeToJudge[]): Promise<RunSummary> {
  const now = deps.clock.now();
  const judged: JudgedHome[] = [];
  for (const home of await loadHomes(deps.pool, homes, deps.policies, now)) {
    const judgement = judgeHome(home.series, home.heard, deps.policies[home.tier], now.getTime());
    judged.push({ home, judgement, open: await storeFindings(deps, home, judgement, now) });
  }
  await endAbsencesWithWater(
    deps.pool,
    judged.map(({ home }) => home),
    now,
  );
  await keepHabits(deps, judged);
  const { alertsOpened, lookAgainAt } = await raiseOrHold(
    deps,
    judged.map(({ home }) => home.householdId),
    judged.map(({ home: { householdId, tier }, open }) => ({ householdId, tier, open })),
  );
  await reviewAlerts(deps, judged);
  const ticketsOpened = await reportSilentMeters(deps, judged, now);
  await saveHomeWatches(
    deps.pool,
    judged.map((each) => homeWatch(each, now, lookAgainAt)),
    now,
  );
  return { homes: judged.length, homesSetAside: 0, alertsOpened, ticketsOpened };
}

/** What is known of a home changes when a local day is over, or when late readings came; mostly it does not. */
async function keepHabits({ pool }: DetectorDeps, judged: readonly JudgedHome[]): Promise<void> {
  const changed = judged.filter(({ home: { series, habitKeptUntilMs } }) => {
    const { untilMs } = series.habit;
    return untilMs !== -Infinity && untilMs !== habitKeptUntilMs;
  });
  const habits = changed.map(({ home: { householdId, series } }) => ({
    householdId,
    habit: habitToKeep(series.habit),
  }));
  if (habits.length > 0) await saveHabits(pool, habits);
}

/** Most homes have no findings, before or after: they cost no statement. */
async function storeFindings(
  deps: DetectorDeps,
  home: LoadedHome,
  judgement: Judgement,
  now: Date,
): Promise<OpenFinding[]> {
  if (home.standing.length === 0 && judgement.found.every(({ episodes }) => episodes.length === 0)) return [];
  return inTransaction(deps.pool, async (tx) => {
    const open: OpenFinding[] = [];
    for (const found of judgement.found) open.push(...(await reconcileFindings(tx, home, found, now)));
    return open;
  });
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

async function reportSilentMeters(deps: DetectorDeps, judged: readonly JudgedHome[], now: Date): Promise<number> {
  const silent = judged.flatMap(({ home, judgement }) =>
    judgement.silentMeters.map(({ meterId, lastHeardMs }) => ({
      meterId,
      householdId: home.householdId,
      lastHeardAt: new Date(lastHeardMs),
    })),
  );
  const silentIds = new Set(silent.map(({ meterId }) => meterId));
  const boundIds = judged.flatMap(({ home }) => home.heard.map(({ meterId }) => meterId));
  const heardMeterIds = boundIds.filter((id) => !silentIds.has(id));
  const householdIds = judged.map(({ home }) => home.householdId);
  await closeSilentMeterTickets(deps.pool, { heardMeterIds, householdIds }, now);
  return silent.length === 0 ? 0 : openSilentMeterTickets(deps.pool, silent, now);
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
