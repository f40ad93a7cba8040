import { userInfo } from 'node:os';
import { revokeAccess } from '../../alerts/revoke-access.ts';
import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { createLogger } from '../../core/logger.ts';
import { normalisePhone } from '../../roster/normalise-phone.ts';
import { withDatabase } from '../open-database.ts';

/**
 * Closes what the owner of a phone was texted, and says how much that was.
 *
 * @throws AppError `input_invalid` for what is no phone, or nobody's.
 */
export async function revoke(typed: string): Promise<void> {
  const config = loadConfig(process.env);
  const phone = normalisePhone(typed, config.phoneCountries);
  if (phone === undefined) throw new AppError('input_invalid', 'this is no mobile number of a configured country');
  const revoked = await withDatabase(config, createLogger('warn'), (pool) =>
    revokeAccess({ pool, clock: systemClock }, { phone, actor: userInfo().username }),
  );
  if (!revoked) throw new AppError('input_invalid', 'nobody on the roster has this phone');
  process.stdout.write(`${revoked.links} link(s) and ${revoked.codes} code(s) of this phone open nothing any more.\n`);
}
