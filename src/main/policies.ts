import { readFileSync } from 'node:fs';
import { parsePolicyFile } from '../config/policy-file.ts';
import { AppError } from '../core/errors.ts';
import { type TierPolicies, tierPolicies } from '../detectors/tier-policy.ts';

/**
 * The policy of every tier: the defaults, with the authority's file laid over them where one is given.
 *
 * @throws AppError `config_invalid` when the file is missing or wrong.
 */
export function loadPolicies(path: string | undefined): TierPolicies {
  if (path === undefined) return tierPolicies();
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('config_invalid', `STILLWATER_POLICY_FILE: ${path} cannot be read`, { cause });
  }
  return tierPolicies(parsePolicyFile(text, path).tiers);
}
