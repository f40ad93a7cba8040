import { loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import * as cells from '../../roster/cells.ts';
import { momentOf } from '../../roster/write-duty.ts';
import { read } from './meter-arguments.ts';

/** Reads the arguments of the duty commands as the roster files are read, by the settings of the installation. */
export function readDuty(env: NodeJS.ProcessEnv = process.env) {
  const { phoneCountries, timeZone } = loadConfig(env);
  const phone = cells.phone(phoneCountries);
  return {
    timeZone,
    /** In E.164. @throws AppError `input_invalid` for what is no mobile number of a configured country. */
    phone: (text: string) => read(text, phone, 'phone'),
    /** Now, when none is given. @throws AppError `input_invalid` for what is no day and no time with its zone. */
    moment: (text: string | undefined) =>
      text === undefined ? systemClock.now() : momentOf(read(text, cells.dayOrInstant, 'time'), timeZone),
    /** @throws AppError `input_invalid` when no community can be called so. */
    community: (text: string) => read(text, cells.code, 'community'),
  };
}
