import type { Config } from '../../config/config.ts';
import { parsePolicyFile } from '../../config/policy-file.ts';
import type { Clock } from '../../core/clock.ts';
import { policyEnabledAfter } from '../../db/policy-in-force.ts';
import type { DbPool } from '../../db/sql.ts';
import { storedHomes } from '../../detectors/backtest/backtest.ts';
import { enablePolicy } from '../../detectors/enable-policy.ts';
import { EXIT } from '../exit-codes.ts';
import { policyNow, refuseUnheardCalls, refuseUnknownCommunities } from '../policies.ts';
import { type BacktestArguments, replay } from './backtest.ts';
import { policyInWords } from './policy-in-words.ts';

export interface PolicyDeps {
  readonly pool: DbPool;
  readonly clock: Clock;
  readonly print: (line: string) => void;
  /** The way out for calls; left out: nobody can be called. */
  readonly voice?: Config['voice'];
  readonly onProgress?: (done: number, total: number) => void;
}

export interface EnableArguments extends Omit<BacktestArguments, 'json' | 'picture'> {
  /** The JSON of the policy file, and where it lies. */
  readonly text: string;
  readonly path: string;
  readonly by: string;
  readonly reason?: string;
}

/**
 * `stillwater policy enable`: shows what a policy would have cost and puts it in force. Above the budget of alarms it is
 * refused unless a reason is given. Returns the exit code.
 *
 * @throws AppError `config_invalid` when the file is wrong, or asks for what is not there.
 */
export async function policyEnable(
  { pool, clock, print, voice, onProgress }: PolicyDeps,
  args: EnableArguments,
): Promise<number> {
  const { text, path, by, reason, days, budget } = args;
  const file = parsePolicyFile(text, path);
  refuseUnheardCalls(file, voice);
  await refuseUnknownCommunities(pool, file);
  const { policies } = policyNow(file);
  const replayed = await storedHomes(pool, policies, { at: clock.now(), days });
  const deps = { replayed, policies, print, ...(onProgress ? { onProgress } : {}) };
  const { isWithin, per100HomesAMonth, prices } = await replay(deps, { days, budget });
  if (!isWithin && !reason) {
    print('refused: above the budget of alarms it takes a reason; say why with --reason');
    return EXIT.failed;
  }
  const price = { per100HomesAMonth, days, budget, isWithin, prices };
  const id = await enablePolicy({ pool, clock }, { policy: text, price, by, reason });
  print(`policy ${id} is in force: services without STILLWATER_POLICY_FILE go by it within a minute`);
  return EXIT.done;
}

/** `stillwater policy show`: which policy is in force, who enabled it, and its rules in words. */
export async function policyShow({ pool, print }: Pick<PolicyDeps, 'pool' | 'print'>): Promise<void> {
  const enabled = await policyEnabledAfter(pool, 0);
  if (!enabled) print('no policy was enabled: every tier has the default rules');
  else {
    const { id, enabledAt, enabledBy, reason, per100HomesAMonth } = enabled;
    print(`policy ${id}, enabled ${enabledAt.toISOString()} by ${enabledBy}${reason ? `: ${reason}` : ''}`);
    if (per100HomesAMonth !== null) {
      print(`${per100HomesAMonth.toFixed(1)} alarms per 100 homes a month when it was enabled`);
    }
  }
  const file = enabled && parsePolicyFile(enabled.policy, `policy ${enabled.id}`);
  for (const line of policyInWords(file)) print(line);
}
