import { listDrifts } from '../../db/routine-drifts.ts';
import { driftReason } from '../../domain/habit/drift-reason.ts';
import { columns } from './columns.ts';
import type { CommandDeps } from './command-deps.ts';

interface DriftOptions {
  readonly week?: string;
  readonly community?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `stillwater drift`: the weekly list. */
export async function driftList(
  { pool, print }: CommandDeps,
  { json = false, ...wanted }: DriftOptions,
): Promise<void> {
  const drifts = await listDrifts(pool, wanted);
  if (json) {
    const homes = drifts.map((each) => ({
      ...each,
      reason: {
        en: driftReason(each.evidence, 'en', each.timeZone),
        'zh-CN': driftReason(each.evidence, 'zh-CN', each.timeZone),
      },
    }));
    print(JSON.stringify({ homes }));
    return;
  }
  if (drifts.length === 0) {
    print('no home is on the list');
    return;
  }
  const rows = drifts.map(({ code, community, tier, week: listed, evidence, timeZone }) => [
    listed,
    code,
    community,
    String(tier),
    driftReason(evidence, 'en', timeZone),
  ]);
  for (const line of columns([['week of', 'home', 'community', 'tier', 'what has changed'], ...rows])) print(line);
}
