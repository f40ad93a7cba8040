import type { CountUnit } from '../../domain/metering/volume.ts';
import type { MeterFlag } from '../../domain/metering/meter-flag.ts';

/** Where a time stands, and how it is written. Paths are those of `parsePath`. */
export interface TimeMapping {
  readonly path: string;
  /** `iso` names its offset from UTC; `local` is what clocks on the wall show in `zone`; the others count from 1970. */
  readonly form: 'iso' | 'local' | 'epoch_s' | 'epoch_ms';
  /** IANA name; a `local` time needs it. */
  readonly zone?: string | undefined;
}

/** Where a register stands, and what a count of it is worth. */
export interface RegisterMapping extends CountUnit {
  readonly path: string;
}

/** Where a list of what ran in equal stretches of time stands, beside one register. */
export interface DeltasMapping extends CountUnit {
  readonly path: string;
  readonly stepSeconds: number;
  /** Whether the register was read before the first stretch or after the last. */
  readonly registerIs: 'before' | 'after';
  readonly order: 'oldest-first' | 'newest-first';
}

/** What a status word or bit means: a flag, or that all is well. */
export type Meaning = MeterFlag | 'fine';

/** Where a meter says how it is: in words (texts, truths or numbers, alone or in a list), or in the bits of a number. */
export interface StatusMapping {
  readonly path: string;
  readonly words?: Readonly<Record<string, Meaning>> | undefined;
  readonly bits?: Readonly<Record<string, Meaning>> | undefined;
}

/** Where things stand in a telegram. */
export interface TelegramMapping {
  /** Left out where whoever carried the telegram says when it was sent. */
  readonly time?: TimeMapping | undefined;
  readonly register: RegisterMapping;
  /** A list of readings; the paths of time, register and deltas then begin at each of its entries. */
  readonly readings?: string | undefined;
  readonly deltas?: DeltasMapping | undefined;
  readonly status?: readonly StatusMapping[] | undefined;
}

/** A format that is described in the settings instead of in code. */
export interface MessageMapping extends TelegramMapping {
  readonly name: string;
  /** Topic with named parts: `plant/{sender}/water/{serial}`. A part that says nothing is `{any}`. */
  readonly topic: string;
  /** Who sends, where the topic has no part that says so. */
  readonly sender?: string | undefined;
  /** Where the meter's serial stands. Where the topic names the meter too, both must say the same. */
  readonly serial?: string | undefined;
  /** Compare and keep serials in lower case. */
  readonly lowerCaseSerial?: boolean | undefined;
  /** Where the count of the sender's messages stands. */
  readonly sequence?: string | undefined;
}

/** Where things stand in what a LoRaWAN codec made of an uplink, for devices of an application, a profile, or both. */
export interface UplinkMapping extends TelegramMapping {
  readonly application?: string | undefined;
  /** The name of the device profile (ChirpStack only). */
  readonly profile?: string | undefined;
}

/** What a count of the meters is worth that rtlamr hears: of one meter, of one kind of message, or of all. */
export interface ErtCountUnit extends CountUnit {
  readonly meter?: string | undefined;
  readonly type?: string | undefined;
}
