import { z } from 'zod';
import { LANGUAGES } from '../domain/language.ts';
import { type Db, maybeOne, sql } from './sql.ts';

const personRow = z.object({ id: z.number(), name: z.string(), language: z.enum(LANGUAGES) });

/** Somebody on the roster. */
export type KnownPerson = z.output<typeof personRow>;

/** Whose phone this is (E.164); undefined when it is nobody's on the roster. */
export function personWithPhone(db: Db, phone: string): Promise<KnownPerson | undefined> {
  return maybeOne(db, personRow, sql`select id, name, language from person where phone = ${phone}`);
}
