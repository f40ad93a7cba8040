import { err, ok, type Result } from '../../core/result.ts';
import { parsePath, valueAt } from './json-path.ts';
import type { Rejection } from './decoder.ts';
import { type Carriage, type TelegramContent, type TelegramReader, telegramReader } from './read-telegram.ts';
import { STATUS_WORDS } from './status-words.ts';
import type { Meaning, RegisterMapping, StatusMapping, UplinkMapping } from './telegram-mapping.ts';

/** An uplink of a LoRaWAN device, as its codec made JSON of it. */
export interface Uplink {
  readonly application: string;
  readonly profile?: string | undefined;
  /** What the codec made; undefined where there is none. */
  readonly object: unknown;
  /** The same in the vocabulary that devices of all makers share, where the carrier has it. */
  readonly normalized?: unknown;
}

export type UplinkReader = (uplink: Uplink, carriage: Carriage) => TelegramContent;

/**
 * The registers that are understood without being told: those that say by their name that they are totals, and in which
 * unit. The last is in litres by the vocabulary that The Things Stack's normalized payloads follow.
 */
const KNOWN_REGISTERS: readonly RegisterMapping[] = [
  { path: 'total_m3', unit: 'm3' },
  { path: 'total_l', unit: 'l' },
  { path: 'total_volume_m3', unit: 'm3' },
  { path: 'total_volume_l', unit: 'l' },
  { path: 'index_m3', unit: 'm3' },
  { path: 'index_l', unit: 'l' },
  { path: 'metering.water.total', unit: 'l' },
];
const TRUTHS = (meaning: Meaning) => ({ true: meaning, false: 'fine' as const });
const KNOWN_STATUS: readonly StatusMapping[] = [
  { path: 'status', words: STATUS_WORDS },
  { path: 'alarms', words: STATUS_WORDS },
  { path: 'water.leak', words: TRUTHS('leak') },
];
const KNOWN = KNOWN_REGISTERS.map((register) => ({
  path: register.path,
  steps: parsePath(register.path),
  read: telegramReader({ register, status: KNOWN_STATUS }),
}));

/**
 * Makes the reader of all LoRaWAN devices: those that a mapping describes by the first one that fits, the others by the
 * names of their fields. Where two fields could be the register, or none, that is a reason and no guess.
 */
export function uplinkReader(mappings: readonly UplinkMapping[]): UplinkReader {
  const described = mappings.map((mapping) => ({ ...mapping, read: telegramReader(mapping) }));
  return ({ application, profile, object, normalized }, carriage) => {
    const mapping = described.find(
      (each) => (each.application ?? application) === application && (each.profile ?? profile) === profile,
    );
    if (mapping) return mapping.read(object, carriage);
    const known = [object, normalized].find(hasKnownRegister) ?? object;
    const reader = knownReader(known);
    return reader.ok ? reader.value(known, carriage) : { readings: [], flags: [], rejection: reader.error };
  };
}

function hasKnownRegister(object: unknown): boolean {
  return KNOWN.some(({ steps }) => valueAt(object, steps) !== undefined);
}

function knownReader(object: unknown): Result<TelegramReader, Rejection> {
  const found = KNOWN.filter(({ steps }) => valueAt(object, steps) !== undefined);
  const [only] = found;
  if (only && found.length === 1) return ok(only.read);
  const advice = 'say in the decoder file where the register is and in which unit';
  const what = only ? `${found.map(({ path }) => path).join(' and ')} may each be the register` : 'no known register';
  return err({ reason: 'schema_mismatch', detail: `${what}: ${advice}` });
}
