import { loadConfig } from '../../config/config.ts';
import { voicePolicies } from '../../config/voice-policies.ts';
import { systemClock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { withDatabase } from '../open-database.ts';
import { readPolicyFile, refuseUnheardCalls, refuseUnknownCommunities } from '../policies.ts';
import { type EnableArguments, policyEnable, policyShow } from './policy.ts';
import { policyInWords } from './policy-in-words.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * `stillwater policy check`: reads a policy file and prints its rules in words. The settings are looked at only where it
 * asks by voice, and the roster only where it names communities.
 *
 * @throws AppError `config_invalid` when the file is wrong, or asks for what is not there.
 */
export async function runPolicyCheck(path: string): Promise<void> {
  const { file } = readPolicyFile(path);
  if (voicePolicies(file).length > 0) refuseUnheardCalls(file, loadConfig(process.env).voice);
  for (const line of policyInWords(file)) print(line);
  if (!file.communities) return;
  const log = createLogger('warn');
  await withDatabase(loadConfig(process.env), log, (pool) => refuseUnknownCommunities(pool, file));
}

/** Opens the installation's database to put a policy in force. Returns the exit code. */
export function runPolicyEnable(path: string, args: Omit<EnableArguments, 'text' | 'path'>): Promise<number> {
  const { text } = readPolicyFile(path);
  const config = loadConfig(process.env);
  return withDatabase(config, createLogger('warn'), async (pool) => {
    const code = await policyEnable({ pool, clock: systemClock, print, voice: config.voice }, { ...args, text, path });
    if (config.policyFile !== undefined) print(`warning: here STILLWATER_POLICY_FILE names ${config.policyFile}`);
    return code;
  });
}

/** Opens the installation's database to tell which policy is in force. */
export function runPolicyShow(): Promise<void> {
  const config = loadConfig(process.env);
  if (config.policyFile !== undefined) {
    print(`STILLWATER_POLICY_FILE names ${config.policyFile}: services that have it go by it, and not by this:`);
  }
  return withDatabase(config, createLogger('warn'), (pool) => policyShow({ pool, print }));
}
