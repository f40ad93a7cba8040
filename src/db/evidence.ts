import { z } from 'zod';

const rule = z
  .string()
  .optional()
  .transform((name) => name);
const figure = z
  .number()
  .optional()
  .transform((value) => value);

/** The figures behind a finding or an alert. A detector of another version may have written others: then undefined. */
export const evidenceColumn = z
  .discriminatedUnion('detector', [
    z.object({
      detector: z.literal('inactivity'),
      sinceMs: z.number(),
      dryHours: z.number(),
      limitHours: z.number(),
      shareOver: figure,
      leakLitresPerHour: z.number(),
      asOfMs: z.number(),
    }),
    z.object({
      detector: z.literal('low-use'),
      windowHours: z.number(),
      floorLitres: z.number(),
      litres: z.number(),
      lastUseAtMs: figure,
      asOfMs: z.number(),
      rule,
    }),
    z.object({
      detector: z.literal('running-water'),
      hours: z.number(),
      leastLitresPerHour: z.number(),
      litres: z.number(),
      asOfMs: z.number(),
      rule,
      limitLitres: figure,
      daySinceMs: figure,
      slotMinutes: figure,
    }),
  ])
  .optional()
  .catch(undefined);
