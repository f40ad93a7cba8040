import type { Config } from '../../../config/config.ts';
import { parsePolicyFile } from '../../../config/policy-file.ts';
import { voicePolicies } from '../../../config/voice-policies.ts';
import { policyEnabledAfter } from '../../../db/policy-in-force.ts';
import type { Db } from '../../../db/sql.ts';
import { refuseUnheardCalls } from '../../policies.ts';
import { type Check, fine } from './check.ts';

/**
 * Whether the calls that the enabled policy asks for can be made: settings may have changed since it was enabled. Says
 * nothing where it asks for none, or where a file takes its place.
 *
 * @throws AppError `config_invalid` where nobody can be called.
 */
export async function checkCalls(
  db: Db,
  { policyFile, voice }: Pick<Config, 'policyFile' | 'voice'>,
): Promise<Check[]> {
  const enabled = policyFile === undefined ? await policyEnabledAfter(db, 0) : undefined;
  if (!enabled) return [];
  const file = parsePolicyFile(enabled.policy, `policy ${enabled.id}`);
  if (voicePolicies(file).length === 0) return [];
  refuseUnheardCalls(file, voice);
  return [fine('policy: calls', `policy ${enabled.id} asks by voice, and calls can be made`)];
}
