import { insertFinding, moveFinding, type StandingFinding, withdrawFinding } from '../db/findings.ts';
import type { Tx } from '../db/sql.ts';
import type { Episode, Evidence } from '../domain/alerting/finding.ts';
import type { DetectorEpisodes } from './judge-home.ts';

/** A finding whose condition still holds at the newest reading. */
export interface OpenFinding {
  readonly findingId: number;
  readonly detectorVersion: number;
  readonly evidence: Evidence;
  readonly alertId: number | undefined;
}

export interface FindingPlan {
  readonly inserts: readonly Episode[];
  readonly moves: readonly { readonly finding: StandingFinding; readonly episode: Episode }[];
  readonly withdrawals: readonly StandingFinding[];
}

/**
 * Compares what a detector finds now with what stands from before: an episode that overlaps a standing finding is that
 * finding, perhaps moved; a standing finding that no episode overlaps was never true.
 */
export function planFindings(standing: readonly StandingFinding[], episodes: readonly Episode[]): FindingPlan {
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
  return { inserts, moves, withdrawals: [...unmatched] };
}

/** Writes the plan for one detector of one home. Returns the findings that are open afterwards. */
export async function reconcileFindings(
  tx: Tx,
  home: { readonly householdId: number; readonly judgedFrom: Date; readonly standing: readonly StandingFinding[] },
  found: DetectorEpisodes,
  at: Date,
): Promise<OpenFinding[]> {
  const { householdId } = home;
  const { detector, version: detectorVersion } = found;
  const plan = planFindings(
    home.standing.filter((finding) => finding.detector === detector && finding.beganAt >= home.judgedFrom),
    found.episodes.filter(({ beganAtMs, endedAtMs }) => isJudged(home.judgedFrom, beganAtMs, endedAtMs)),
  );
  const open: OpenFinding[] = [];
  for (const finding of plan.withdrawals) await withdrawFinding(tx, finding.id, at);
  for (const { finding, episode } of plan.moves) {
    if (hasMoved(finding, episode)) await moveFinding(tx, finding.id, episode);
    open.push(...openOnly(finding.id, detectorVersion, episode, finding.alertId ?? undefined));
  }
  for (const episode of plan.inserts) {
    const id = await insertFinding(tx, { householdId, detector, detectorVersion, episode }, at);
    open.push(...openOnly(id, detectorVersion, episode, undefined));
  }
  return open;
}

/** Episodes that ended before the judged time were loaded only for their context; they stay as they are stored. */
function isJudged(judgedFrom: Date, beganAtMs: number, endedAtMs: number | undefined): boolean {
  return beganAtMs >= judgedFrom.getTime() || endedAtMs === undefined || endedAtMs >= judgedFrom.getTime();
}

function overlaps({ beganAt, endedAt }: StandingFinding, episode: Episode): boolean {
  const endMs = endedAt?.getTime() ?? Infinity;
  return beganAt.getTime() <= (episode.endedAtMs ?? Infinity) && episode.beganAtMs <= endMs;
}

function hasMoved({ beganAt, endedAt }: StandingFinding, episode: Episode): boolean {
  return beganAt.getTime() !== episode.beganAtMs || endedAt?.getTime() !== episode.endedAtMs;
}

function openOnly(
  findingId: number,
  detectorVersion: number,
  { endedAtMs, evidence }: Episode,
  alertId: number | undefined,
): OpenFinding[] {
  return endedAtMs === undefined ? [{ findingId, detectorVersion, evidence, alertId }] : [];
}
