import { readFileSync } from 'node:fs';
import { parsePolicyFile, type PolicyFile } from '../config/policy-file.ts';
import { AppError } from '../core/errors.ts';
import { type AreaPolicy, areaPolicy } from '../domain/area/area-policy.ts';
import { type TierPolicies, tierPolicies } from '../detectors/tier-policy.ts';

/**
 * The policy of every tier: the defaults, with the authority's file laid over them where one is given.
 *
 * @throws AppError `config_invalid` when the file is missing or wrong.
 */
export function loadPolicies(path: string | undefined): TierPolicies {
  return tierPolicies(readPolicyFile(path)?.tiers);
}

/**
 * How outages are known and how long alerts may wait: the defaults, with the authority's file laid over them.
 *
 * @throws AppError `config_invalid` when the file is missing or wrong.
 */
export function loadAreaPolicy(path: string | undefined): AreaPolicy {
  return areaPolicy(readPolicyFile(path)?.areas);
}

function readPolicyFile(path: string | undefined): PolicyFile | undefined {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('config_invalid', `STILLWATER_POLICY_FILE: ${path} cannot be read`, { cause });
  }
  return parsePolicyFile(text, path);
}
