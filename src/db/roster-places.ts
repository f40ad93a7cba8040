import { z } from 'zod';
import { ROLES } from '../domain/alerting/escalation-policy.ts';

export const placeRow = z.object({ ownerId: z.number(), role: z.enum(ROLES), position: z.number() });

/** A place among those who answer for a home or a community (its owner): the n-th of a role. */
export type Place = z.output<typeof placeRow>;
