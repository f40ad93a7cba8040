import type { z } from 'zod';

/** A column that may hold null, which is then undefined. */
export const absent = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullable().transform((found) => found ?? undefined);
