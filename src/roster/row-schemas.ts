import { z } from 'zod';
import { LANGUAGES } from '../domain/language.ts';
import {
  code,
  dayOrInstant,
  dutyDay,
  name,
  oneOf,
  phone,
  position,
  serial,
  timeZone,
  wallClock,
  wholeNumber,
  yesOrNo,
} from './cells.ts';

export const COMMUNITY_LEVELS = ['city', 'town', 'community'] as const;
export type CommunityLevel = (typeof COMMUNITY_LEVELS)[number];

const TWO_DAYS_S = 172_800;
const LARGEST_REGISTER_L = 1_000_000_000_000;

/** The columns of each file and what may stand in them. An optional cell that is empty leaves things as they are. */
export function rowSchemas(phoneCountries: readonly string[]) {
  const person = phone(phoneCountries);
  return {
    communities: z.object({ code, name, level: oneOf(COMMUNITY_LEVELS), parent: code.optional() }),
    households: z.object({
      code,
      community: code,
      tier: oneOf(['1', '2', '3']).transform(Number).optional(),
      time_zone: timeZone.optional(),
      resident: name.optional(),
      monitored_from: dayOrInstant.optional(),
      meter: serial.optional(),
      meter_nominal_interval_s: wholeNumber(1, TWO_DAYS_S).optional(),
      meter_register_capacity_l: wholeNumber(1, LARGEST_REGISTER_L).optional(),
    }),
    people: z.object({ phone: person, name, language: oneOf(LANGUAGES).optional(), proved: yesOrNo.optional() }),
    pairings: z.object({
      household: code,
      role: oneOf(['guardian', 'contact']),
      position,
      phone: person,
      from: wallClock.optional(),
      until: wallClock.optional(),
    }),
    leave: z.object({ phone: person, from: dayOrInstant, back: dayOrInstant, substitute: person.optional() }),
    rota: z.object({ community: code, day: dutyDay, from: wallClock, until: wallClock, phone: person }),
    staff: z.object({ community: code, role: oneOf(['supervisor', 'desk']), position, phone: person }),
  };
}

export type RowSchemas = ReturnType<typeof rowSchemas>;

/** A row that was understood, and the line it stands in. */
export type Row<Kind extends keyof RowSchemas> = z.output<RowSchemas[Kind]> & { readonly line: number };
