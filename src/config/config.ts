import { isIP } from 'node:net';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { SmsConfig, VoiceConfig } from './sms-config.ts';
import { SMS_VARIABLES, smsConfigs, smsMistakes, voiceConfig } from './sms-environment.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const seconds = z.coerce.number().positive().max(3_600);
/** Detectors learn from up to 120 days of readings. */
const keptDays = z.coerce.number().int().min(130, 'too few: detectors need at least 130 days').max(36_500);
/** `22:00-06:30`: from the first time of the day until the second, in minutes. */
const hoursOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'not hours of the day, such as 22:00-06:30')
  .transform((text) => {
    const [fromMinute = 0, untilMinute = 0] = text.split('-').map(minuteOfDay);
    return { fromMinute, untilMinute };
  })
  .refine(({ fromMinute, untilMinute }) => fromMinute !== untilMinute, 'begin and end at the same time');
const timeZone = z.string().refine(isTimeZone, 'not an IANA time zone, such as Asia/Shanghai');
const countries = z
  .string()
  .transform((list) => list.split(',').map((code) => code.trim().toUpperCase()))
  .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, 'not two-letter country codes, such as CN,AT')).min(1));

const networks = z
  .string()
  .transform((list) => list.split(',').map((network) => network.trim()))
  .pipe(z.array(z.string().refine(isNetwork, 'not addresses or networks, such as 10.0.0.5,192.168.0.0/16')));

/** An empty variable is an unset one: `REDIS_URL=` in an env file must not count as a URL. */
const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  MQTT_URL: z.url({ protocol: /^(mqtts?|wss?)$/ }).optional(),
  MQTT_USERNAME: z.string().optional(),
  MQTT_PASSWORD: z.string().optional(),
  MQTT_CLIENT_ID: z.string().max(64).default('stillwater-ingest'),
  MQTT_SHARED_GROUP: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional(),
  EMBEDDED_MQTT_PORT: port.optional(),
  HTTP_HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: port.optional(),
  TRUSTED_PROXIES: networks.default([]),
  READINGS_API_TOKEN: z.string().min(16, 'too short: at least 16 letters').optional(),
  PUBLIC_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  CODE_KEY: z.string().min(32, 'too short: at least 32 letters').optional(),
  STILLWATER_DATA_DIR: z.string().default('.stillwater'),
  STILLWATER_POLICY_FILE: z.string().optional(),
  STILLWATER_DECODER_FILE: z.string().optional(),
  READINGS_KEPT_DAYS: keptDays.default(400),
  TIME_ZONE: timeZone.default('Asia/Shanghai'),
  PHONE_COUNTRIES: countries.default(['CN']),
  HOME_CHECK_PLACE: z.enum(['ask', 'off']).default('off'),
  HOME_CHECK_PHOTO: z.enum(['on', 'off']).default('off'),
  EMERGENCY_NUMBERS: z.string().default('120 110 119'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DETECT_EVERY_S: seconds.default(15),
  ESCALATE_EVERY_S: seconds.default(5),
  DISPATCH_EVERY_S: seconds.default(2),
  SMS_QUIET_HOURS: hoursOfDay.optional(),
  SMS_PER_NUMBER_AN_HOUR: z.coerce.number().int().min(1).max(1_000).default(10),
  SMS_PER_HOUR: z.coerce.number().int().min(1).default(10_000),
  SMS_RESERVE_PERCENT: z.coerce.number().int().min(0).max(100).default(20),
  ...SMS_VARIABLES,
});
type Environment = z.output<typeof environment>;

/** Everything the service can be told from outside, checked. A part without a URL is the embedded one. */
export interface Config {
  /** Where the embedded parts keep their data; relative to the working directory. */
  readonly dataDir: string;
  readonly database: { readonly url: Secret | undefined };
  readonly redis: { readonly url: Secret | undefined };
  readonly mqtt: MqttConfig;
  readonly http: HttpConfig;
  readonly log: { readonly level: Environment['LOG_LEVEL'] };
  readonly timeZone: string;
  /** For how many days readings are kept; the sums of their days stay. */
  readonly readingsKeptDays: number;
  /** Two-letter codes of the countries whose mobile numbers may be texted. */
  readonly phoneCountries: readonly string[];
  /** Shown first on the page of somebody who needs help. */
  readonly emergencyNumbers: string;
  readonly homeCheck: {
    /** Whether people are asked where they were. */
    readonly asksPlace: boolean;
    /** Whether an answer may bring a photo. */
    readonly takesPhotos: boolean;
  };
  /** The key under which short codes are kept. Undefined: the embedded database's data directory holds one. */
  readonly codeKey: Secret | undefined;
  readonly policyFile: string | undefined;
  readonly decoderFile: string | undefined;
  readonly everyMs: { readonly detect: number; readonly escalate: number; readonly dispatch: number };
  /** The ways out for texts, in the order in which they are tried. */
  readonly sms: readonly SmsConfig[];
  /** The way out for calls; undefined: nobody can be called. */
  readonly voice: VoiceConfig | undefined;
  readonly smsLimits: SmsLimitsConfig;
}

export interface MqttConfig {
  readonly url: Secret | undefined;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly clientId: string;
  /** Name of the shared subscription that several ingesters divide between them (MQTT 5). */
  readonly sharedGroup: string | undefined;
  /** The port of the embedded broker; undefined is the usual one, or a free one where that is taken. */
  readonly embeddedPort: number | undefined;
}

export interface HttpConfig {
  readonly host: string;
  /** Undefined is the usual port, or a free one where that is taken. */
  readonly port: number | undefined;
  /** Where people reach the pages, without a slash at the end. Undefined is the address the server listens on. */
  readonly publicBaseUrl: string | undefined;
  /** Addresses and networks of proxies that are believed when they say for whom they ask. */
  readonly trustedProxies: readonly string[];
  /** What a sender of readings over HTTP must show. Undefined: only programs on this machine may send. */
  readonly readingsToken: Secret | undefined;
}

export interface SmsLimitsConfig {
  /** Minutes of the home's day in which texts that can wait do wait; undefined: none do. */
  readonly quietHours: { readonly fromMinute: number; readonly untilMinute: number } | undefined;
  readonly caps: {
    readonly perNumberAnHour: number;
    readonly perHour: number;
    /** The share of `perHour` kept for emergencies and homes of the first tier, 0 to 1. */
    readonly reserve: number;
  };
}

/**
 * Reads and checks the whole environment at once.
 *
 * @throws AppError `config_invalid` that names every mistake, so that one failed start is enough to mend them all.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== undefined && text !== ''));
  const parsed = environment.safeParse(given);
  const mistakes = [...(parsed.success ? [] : parsed.error.issues.map(mistakeOf)), ...smsMistakes(given)];
  if (!parsed.success || mistakes.length > 0) {
    throw new AppError('config_invalid', `the environment has ${mistakes.length} mistake(s):\n${mistakes.join('\n')}`);
  }
  return configFrom(parsed.data);
}

function mistakeOf(issue: z.core.$ZodIssue): string {
  return `  ${issue.path.join('.')}: ${issue.message}`;
}

function configFrom(vars: Environment): Config {
  return {
    dataDir: vars.STILLWATER_DATA_DIR,
    database: { url: secret(vars.DATABASE_URL) },
    redis: { url: secret(vars.REDIS_URL) },
    mqtt: {
      url: secret(vars.MQTT_URL),
      username: vars.MQTT_USERNAME,
      password: secret(vars.MQTT_PASSWORD),
      clientId: vars.MQTT_CLIENT_ID,
      sharedGroup: vars.MQTT_SHARED_GROUP,
      embeddedPort: vars.EMBEDDED_MQTT_PORT,
    },
    http: {
      host: vars.HTTP_HOST,
      port: vars.HTTP_PORT,
      publicBaseUrl: vars.PUBLIC_BASE_URL?.replace(/\/+$/, ''),
      trustedProxies: vars.TRUSTED_PROXIES,
      readingsToken: secret(vars.READINGS_API_TOKEN),
    },
    log: { level: vars.LOG_LEVEL },
    timeZone: vars.TIME_ZONE,
    readingsKeptDays: vars.READINGS_KEPT_DAYS,
    phoneCountries: vars.PHONE_COUNTRIES,
    emergencyNumbers: vars.EMERGENCY_NUMBERS,
    homeCheck: { asksPlace: vars.HOME_CHECK_PLACE === 'ask', takesPhotos: vars.HOME_CHECK_PHOTO === 'on' },
    codeKey: secret(vars.CODE_KEY),
    policyFile: vars.STILLWATER_POLICY_FILE,
    decoderFile: vars.STILLWATER_DECODER_FILE,
    everyMs: {
      detect: vars.DETECT_EVERY_S * 1_000,
      escalate: vars.ESCALATE_EVERY_S * 1_000,
      dispatch: vars.DISPATCH_EVERY_S * 1_000,
    },
    sms: smsConfigs(vars),
    voice: voiceConfig(vars),
    smsLimits: {
      quietHours: vars.SMS_QUIET_HOURS,
      caps: {
        perNumberAnHour: vars.SMS_PER_NUMBER_AN_HOUR,
        perHour: vars.SMS_PER_HOUR,
        reserve: vars.SMS_RESERVE_PERCENT / 100,
      },
    },
  };
}

function minuteOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function secret(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32));
  return family !== 0 && isPrefix && rest.length === 0;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
