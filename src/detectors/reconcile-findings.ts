import { endFindings, insertFindings, moveFindings, type StandingFinding, withdrawFindings } from '../db/findings.ts';
import type { Tx } from '../db/sql.ts';
import type { Episode, Evidence } from '../domain/alerting/finding.ts';
import type { DetectorEpisodes } from './judge-home.ts';

/** A finding whose condition still holds at the newest reading. */
export interface OpenFinding {
  readonly findingId: number;
  readonly detectorVersion: number;
  readonly evidence: Evidence;
  readonly alertId: number | undefined;
  /** Whether somebody may be woken for it now. */
  readonly isTellable: boolean;
}

export interface FindingPlan {
  readonly inserts: readonly Episode[];
  readonly moves: readonly { readonly finding: StandingFinding; readonly episode: Episode }[];
  /** Findings that the readings neither bear out nor deny any more. They stand; an end that can be seen ends them. */
  readonly ends: readonly { readonly finding: StandingFinding; readonly endedAtMs: number | undefined }[];
  readonly withdrawals: readonly StandingFinding[];
}

/**
 * Compares what a detector finds now with what stands from before: an episode that overlaps a standing finding is that
 * finding, perhaps moved. A standing finding that no episode overlaps was never true if the readings deny its beginning;
 * where they cannot tell, as after a register that jumped, nobody is told that all is well.
 *
 * Readings that fill a hole may show that several findings are one. The one that somebody was woken for stays, the newest
 * of them where there are more, and the others are withdrawn.
 */
export function planFindings(
  standing: readonly StandingFinding[],
  { episodes, deniedFrom }: Pick<DetectorEpisodes, 'episodes' | 'deniedFrom'>,
): FindingPlan {
  const unmatched = new Set(standing);
  const inserts: Episode[] = [];
  const moves: { finding: StandingFinding; episode: Episode }[] = [];
  for (const episode of episodes) {
    const finding = [...unmatched].find((candidate) => overlaps(candidate, episode));
    if (finding) {
      unmatched.delete(finding);
      moves.push({ finding, episode });
    } else {
      inserts.push(episode);
    }
  }
  const merged: StandingFinding[] = [];
  for (const finding of unmatched) {
    const move = moves.find(({ episode }) => isWithin(finding, episode));
    if (!move) continue;
    unmatched.delete(finding);
    merged.push(finding.alertId === null ? finding : move.finding);
    if (finding.alertId !== null) move.finding = finding;
  }
  const judged = [...unmatched].map((finding) => ({ finding, endedAtMs: deniedFrom(finding.beganAt.getTime()) }));
  const wasNeverTrue = ({ finding, endedAtMs }: (typeof judged)[number]) => finding.beganAt.getTime() === endedAtMs;
  return {
    inserts,
    moves,
    ends: judged.filter((each) => !wasNeverTrue(each)),
    withdrawals: [...merged, ...judged.filter(wasNeverTrue).map(({ finding }) => finding)],
  };
}

/** A home with what its detectors find now. */
export interface HomeFound {
  readonly home: {
    readonly householdId: number;
    readonly changedFrom: Date;
    readonly standing: readonly StandingFinding[];
  };
  readonly found: readonly DetectorEpisodes[];
}

/**
 * Writes what detectors find of many homes, as it differs from what stands: one statement for each kind of difference.
 * Returns the findings of each home, in the same order, that are open afterwards.
 */
export async function reconcileFindings(tx: Tx, homes: readonly HomeFound[], at: Date): Promise<OpenFinding[][]> {
  const plans = homes.flatMap(({ home, found }, position) => found.map((each) => planned(home, each, position)));
  const withdrawn = plans.flatMap(({ plan }) => plan.withdrawals.map(({ id }) => id));
  const ended = plans.flatMap(({ plan }) =>
    plan.ends
      .filter(({ finding, endedAtMs }) => finding.endedAt?.getTime() !== endedAtMs)
      .map(({ finding: { id }, endedAtMs }) => ({ id, endedAtMs })),
  );
  const moved = plans.flatMap(({ plan }) =>
    plan.moves
      .filter(({ finding, episode }) => hasMoved(finding, episode))
      .map(({ finding: { id }, episode }) => ({ id, episode })),
  );
  const inserted = plans.flatMap(({ plan, householdId, found }) =>
    plan.inserts.map((episode) => {
      const { detector, version: detectorVersion } = found;
      return { householdId, detector, detectorVersion, episode };
    }),
  );
  if (withdrawn.length > 0) await withdrawFindings(tx, withdrawn, at);
  if (ended.length > 0) await endFindings(tx, ended);
  if (moved.length > 0) await moveFindings(tx, moved);
  const ids = inserted.length > 0 ? await insertFindings(tx, inserted, at) : [];

  const open = homes.map((): OpenFinding[] => []);
  let next = 0;
  for (const { plan, position, found } of plans) {
    const keepOpen = (findingId: number, alertId: number | undefined, { endedAtMs, evidence }: Episode) => {
      const { version: detectorVersion, isTellable } = found;
      if (endedAtMs === undefined) open[position]?.push({ findingId, detectorVersion, evidence, alertId, isTellable });
    };
    for (const { finding, episode } of plan.moves) keepOpen(finding.id, finding.alertId ?? undefined, episode);
    for (const episode of plan.inserts) keepOpen(ids[next++] ?? NaN, undefined, episode);
  }
  return open;
}

/** What is to be done for one detector of one home. */
function planned({ householdId, standing, changedFrom }: HomeFound['home'], found: DetectorEpisodes, position: number) {
  const { detector, deniedFrom } = found;
  const its = standing.filter((finding) => finding.detector === detector);
  const plan = planFindings(its, { episodes: episodesToJudge(found, its, changedFrom), deniedFrom });
  return { plan, householdId, found, position };
}

/**
 * The episodes of one detector that may differ from what is stored. Those that ended before lie among readings that
 * were loaded for their context alone, perhaps not from their beginning; they stay as they are.
 */
function episodesToJudge(
  { episodes }: DetectorEpisodes,
  standing: readonly StandingFinding[],
  changedFrom: Date,
): Episode[] {
  const fromMs = Math.min(changedFrom.getTime(), ...standing.map(({ beganAt }) => beganAt.getTime()));
  return episodes.filter(({ endedAtMs }) => endedAtMs === undefined || endedAtMs >= fromMs);
}

function overlaps({ beganAt, endedAt }: StandingFinding, episode: Episode): boolean {
  const endMs = endedAt?.getTime() ?? Infinity;
  return beganAt.getTime() <= (episode.endedAtMs ?? Infinity) && episode.beganAtMs <= endMs;
}

/** Whether a finding began while an episode lasted. */
function isWithin({ beganAt }: StandingFinding, episode: Episode): boolean {
  return beganAt.getTime() >= episode.beganAtMs && beganAt.getTime() < (episode.endedAtMs ?? Infinity);
}

function hasMoved({ beganAt, endedAt }: StandingFinding, episode: Episode): boolean {
  return beganAt.getTime() !== episode.beganAtMs || endedAt?.getTime() !== episode.endedAtMs;
}
