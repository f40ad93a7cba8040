import { AppError } from '../core/errors.ts';

/** The parts of the service that can run apart: several processes may each take one or more. */
export const ROLES = ['ingest', 'detect', 'notify', 'web'] as const;
export type ServiceRole = (typeof ROLES)[number];

/**
 * Reads a list such as `ingest,web`.
 *
 * @throws AppError `input_invalid` for anything that is not a role.
 */
export function parseRoles(list: string): ServiceRole[] {
  return list.split(',').map((name) => {
    const role = ROLES.find((known) => known === name.trim());
    if (!role) throw new AppError('input_invalid', `"${name.trim()}" is not a role: choose from ${ROLES.join(', ')}`);
    return role;
  });
}
