import { z } from 'zod';

/** The figures behind a finding or an alert. A detector of another version may have written others: then undefined. */
export const evidenceColumn = z
  .discriminatedUnion('detector', [
    z.object({
      detector: z.literal('inactivity'),
      sinceMs: z.number(),
      dryHours: z.number(),
      limitHours: z.number(),
      shareOver: z
        .number()
        .optional()
        .transform((share) => share),
      leakLitresPerHour: z.number(),
      asOfMs: z.number(),
    }),
    z.object({
      detector: z.literal('low-use'),
      windowHours: z.number(),
      floorLitres: z.number(),
      litres: z.number(),
      lastUseAtMs: z
        .number()
        .optional()
        .transform((atMs) => atMs),
      asOfMs: z.number(),
    }),
    z.object({
      detector: z.literal('running-water'),
      hours: z.number(),
      leastLitresPerHour: z.number(),
      litres: z.number(),
      asOfMs: z.number(),
    }),
  ])
  .optional()
  .catch(undefined);
