import { isIP } from 'node:net';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const seconds = z.coerce.number().positive().max(3_600);
/** Detectors learn from up to 120 days of readings. */
const keptDays = z.coerce.number().int().min(130, 'too few: detectors need at least 130 days').max(36_500);
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
  EMERGENCY_NUMBERS: z.string().default('120 110 119'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DETECT_EVERY_S: seconds.default(15),
  ESCALATE_EVERY_S: seconds.default(5),
  DISPATCH_EVERY_S: seconds.default(2),
  SMS_DRIVER: z.enum(['log', 'twilio']).default('log'),
  TWILIO_ACCOUNT_SID: z.string().optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_AUTH_TOKEN_PREVIOUS: z.string().optional(),
  TWILIO_FROM: z.string().optional(),
  TWILIO_MESSAGING_SERVICE_SID: z.string().optional(),
  TWILIO_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
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
  };
  /** The key under which short codes are kept. Undefined: the embedded database's data directory holds one. */
  readonly codeKey: Secret | undefined;
  readonly policyFile: string | undefined;
  readonly decoderFile: string | undefined;
  readonly everyMs: { readonly detect: number; readonly escalate: number; readonly dispatch: number };
  readonly sms: SmsConfig;
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

export type SmsConfig = { readonly driver: 'log' } | TwilioConfig;

export interface TwilioConfig {
  readonly driver: 'twilio';
  /** Undefined is Twilio itself; tests point it at a stand-in. */
  readonly baseUrl: string | undefined;
  readonly accountSid: string;
  readonly authToken: Secret;
  /** The token before the last rotation: callbacks signed with it are still believed. */
  readonly previousAuthToken: Secret | undefined;
  readonly sender: { readonly from: string } | { readonly messagingServiceSid: string };
}

/**
 * Reads and checks the whole environment at once.
 *
 * @throws AppError `config_invalid` that names every mistake, so that one failed start is enough to mend them all.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== undefined && text !== ''));
  const parsed = environment.safeParse(given);
  const mistakes = [...(parsed.success ? [] : parsed.error.issues.map(mistakeOf)), ...twilioMistakes(given)];
  if (!parsed.success || mistakes.length > 0) {
    throw new AppError('config_invalid', `the environment has ${mistakes.length} mistake(s):\n${mistakes.join('\n')}`);
  }
  return configFrom(parsed.data);
}

function mistakeOf(issue: z.core.$ZodIssue): string {
  return `  ${issue.path.join('.')}: ${issue.message}`;
}

/** What Twilio needs, looked at apart so that it is reported together with everything else. */
function twilioMistakes(env: Readonly<Record<string, string | undefined>>): string[] {
  if (env['SMS_DRIVER'] !== 'twilio') return [];
  const needed = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'PUBLIC_BASE_URL'];
  const missing = needed.filter((name) => !env[name]).map((name) => `  ${name}: SMS_DRIVER=twilio needs it`);
  const hasSender = env['TWILIO_FROM'] ?? env['TWILIO_MESSAGING_SERVICE_SID'];
  return hasSender
    ? missing
    : [...missing, '  TWILIO_MESSAGING_SERVICE_SID: SMS_DRIVER=twilio needs it, or TWILIO_FROM'];
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
    homeCheck: { asksPlace: vars.HOME_CHECK_PLACE === 'ask' },
    codeKey: secret(vars.CODE_KEY),
    policyFile: vars.STILLWATER_POLICY_FILE,
    decoderFile: vars.STILLWATER_DECODER_FILE,
    everyMs: {
      detect: vars.DETECT_EVERY_S * 1_000,
      escalate: vars.ESCALATE_EVERY_S * 1_000,
      dispatch: vars.DISPATCH_EVERY_S * 1_000,
    },
    sms: smsConfig(vars),
  };
}

function smsConfig(vars: Environment): SmsConfig {
  if (vars.SMS_DRIVER === 'log') return { driver: 'log' };
  const messagingServiceSid = vars.TWILIO_MESSAGING_SERVICE_SID;
  return {
    driver: 'twilio',
    baseUrl: vars.TWILIO_BASE_URL,
    accountSid: vars.TWILIO_ACCOUNT_SID ?? '',
    authToken: new Secret(vars.TWILIO_AUTH_TOKEN ?? ''),
    previousAuthToken: secret(vars.TWILIO_AUTH_TOKEN_PREVIOUS),
    sender: messagingServiceSid ? { messagingServiceSid } : { from: vars.TWILIO_FROM ?? '' },
  };
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
