import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { parsePolicyFile, type PolicyFile } from '../config/policy-file.ts';
import { voicePolicies } from '../config/voice-policies.ts';
import { AppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { policyEnabledAfter, unknownCommunities } from '../db/policy-in-force.ts';
import type { Db } from '../db/sql.ts';
import type { TicketDigest } from '../detectors/tell-of-tickets.ts';
import { policiesByCommunity, type TierPolicies } from '../detectors/tier-policy.ts';
import { type AreaPolicy, areaPolicy } from '../domain/area/area-policy.ts';

/** What homes are watched by, how outages are known and how long alerts may wait, and who is told of tickets. */
export interface PolicyNow {
  readonly policies: TierPolicies;
  readonly areas: AreaPolicy;
  /** How often whoever sees to a community is told of new tickets at most. */
  readonly ticketDigest: TicketDigest;
}

/** The defaults, with what an authority has set laid over them. */
export function policyNow(file: PolicyFile | undefined): PolicyNow {
  return {
    policies: policiesByCommunity(file?.tiers, file?.communities),
    areas: areaPolicy(file?.areas),
    ticketDigest: file?.ticketDigest ?? 'off',
  };
}

/**
 * A policy file as it is on the disk.
 *
 * @throws AppError `config_invalid` when the file is missing or wrong.
 */
export function readPolicyFile(path: string): { readonly text: string; readonly file: PolicyFile } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('config_invalid', `the policy file ${path} cannot be read`, { cause });
  }
  return { text, file: parsePolicyFile(text, path) };
}

/**
 * Refuses a policy that names communities which nobody knows: a typing error must not leave one at the usual rules.
 *
 * @throws AppError `config_invalid`
 */
export async function refuseUnknownCommunities(db: Db, { communities = {} }: PolicyFile): Promise<void> {
  const unknown = await unknownCommunities(db, Object.keys(communities));
  if (unknown.length === 0) return;
  throw new AppError(
    'config_invalid',
    `the policy names communities that are not in the roster: ${unknown.join(', ')}`,
  );
}

/**
 * Refuses a policy that asks by voice where nobody can be called.
 *
 * @throws AppError `config_invalid`
 */
export function refuseUnheardCalls(file: PolicyFile, voice: Config['voice']): void {
  const names = voicePolicies(file).map((name) => `"${name}"`);
  if (voice || names.length === 0) return;
  throw new AppError(
    'config_invalid',
    `the policy asks by voice (${names.join(', ')}), and there is no voice gateway: set TWILIO_VOICE_FROM, or leave "voice" out`,
  );
}

/**
 * Follows the policy in force: the file's where one is named, else the one that was enabled last, else the defaults. What is
 * returned looks for a newer one each time it is asked; one that this program cannot read is logged, and the one before
 * stays.
 *
 * @throws AppError `config_invalid` when what is in force at the start cannot be read.
 */
export async function followPolicy(db: Db, path: string | undefined, log: Logger): Promise<() => Promise<PolicyNow>> {
  if (path !== undefined) {
    const fixed = policyNow(readPolicyFile(path).file);
    return () => Promise.resolve(fixed);
  }
  const first = await policyEnabledAfter(db, 0);
  let knownId = first?.id ?? 0;
  let known = policyNow(first && parsePolicyFile(first.policy, `policy ${first.id}`));
  return async () => {
    const newer = await policyEnabledAfter(db, knownId);
    if (!newer) return known;
    knownId = newer.id;
    try {
      known = policyNow(parsePolicyFile(newer.policy, `policy ${newer.id}`));
      log.info({ policy: newer.id }, 'another policy is in force');
    } catch (error) {
      log.error({ err: error, policy: newer.id }, 'the policy in force cannot be read; the one before is kept');
    }
    return known;
  };
}
