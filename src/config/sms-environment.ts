import { isIP } from 'node:net';
import { z } from 'zod';
import { E164 } from '../core/e164.ts';
import { Secret } from '../core/secret.ts';
import type { CallbackConfig, SmsConfig, TwilioAccount, VoiceConfig } from './sms-config.ts';

const DRIVERS = ['log', 'twilio', 'aliyun', 'http'] as const;
const drivers = z
  .string()
  .transform((list) => list.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum(DRIVERS)).min(1))
  .refine((list) => new Set(list).size === list.length, 'the same driver twice');
const addresses = z
  .string()
  .transform((list) => list.split(',').map((address) => address.trim()))
  .pipe(z.array(z.string().refine((address) => isIP(address) !== 0, 'not network addresses, such as 203.0.113.7')));
const callbackSecret = z.string().regex(/^[A-Za-z0-9_-]{16,}$/, 'at least 16 letters, digits, - or _');
const address = z.url({ protocol: /^https?$/ });
const phone = z.string().regex(E164, 'not a number with its country, such as +15005550006');

/** The templates that Aliyun has reviewed, by what they are for. A second one in English may stand beside each. */
const TEMPLATES = {
  check_request: 'CHECK_REQUEST',
  check_request_bundle: 'CHECK_REQUESTS',
  emergency: 'EMERGENCY',
  stand_down: 'STAND_DOWN',
  stand_down_bundle: 'STAND_DOWNS',
  claim_lapsed: 'CLAIM_LAPSED',
  recovered: 'RECOVERED',
  area_outage: 'AREA_OUTAGE',
  look_in: 'LOOK_IN',
  absence_ended: 'ABSENCE_ENDED',
  daily_word: 'DAILY_WORD',
  roster_gap: 'ROSTER_GAP',
  gateway_fault: 'GATEWAY_FAULT',
  ticket_digest: 'TICKET_DIGEST',
} as const;

/** The variables that say how texts leave. */
export const SMS_VARIABLES = {
  SMS_DRIVER: drivers.default(['log']),
  TWILIO_ACCOUNT_SID: z.string().optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_AUTH_TOKEN_PREVIOUS: z.string().optional(),
  TWILIO_FROM: z.string().optional(),
  TWILIO_MESSAGING_SERVICE_SID: z.string().optional(),
  TWILIO_VOICE_FROM: phone.optional(),
  TWILIO_BASE_URL: address.optional(),
  TWILIO_LINKS: z.enum(['any', 'none']).default('any'),
  ALIYUN_ACCESS_KEY_ID: z.string().optional(),
  ALIYUN_ACCESS_KEY_SECRET: z.string().optional(),
  ALIYUN_SIGN_NAME: z.string().optional(),
  ALIYUN_TEMPLATE_CHECK_REQUEST: z.string().optional(),
  ALIYUN_TEMPLATE_CHECK_REQUESTS: z.string().optional(),
  ALIYUN_TEMPLATE_EMERGENCY: z.string().optional(),
  ALIYUN_TEMPLATE_STAND_DOWN: z.string().optional(),
  ALIYUN_TEMPLATE_STAND_DOWNS: z.string().optional(),
  ALIYUN_TEMPLATE_CLAIM_LAPSED: z.string().optional(),
  ALIYUN_TEMPLATE_RECOVERED: z.string().optional(),
  ALIYUN_TEMPLATE_AREA_OUTAGE: z.string().optional(),
  ALIYUN_TEMPLATE_LOOK_IN: z.string().optional(),
  ALIYUN_TEMPLATE_ABSENCE_ENDED: z.string().optional(),
  ALIYUN_TEMPLATE_DAILY_WORD: z.string().optional(),
  ALIYUN_TEMPLATE_ROSTER_GAP: z.string().optional(),
  ALIYUN_TEMPLATE_GATEWAY_FAULT: z.string().optional(),
  ALIYUN_TEMPLATE_TICKET_DIGEST: z.string().optional(),
  ALIYUN_TEMPLATE_CHECK_REQUEST_EN: z.string().optional(),
  ALIYUN_TEMPLATE_CHECK_REQUESTS_EN: z.string().optional(),
  ALIYUN_TEMPLATE_EMERGENCY_EN: z.string().optional(),
  ALIYUN_TEMPLATE_STAND_DOWN_EN: z.string().optional(),
  ALIYUN_TEMPLATE_STAND_DOWNS_EN: z.string().optional(),
  ALIYUN_TEMPLATE_CLAIM_LAPSED_EN: z.string().optional(),
  ALIYUN_TEMPLATE_RECOVERED_EN: z.string().optional(),
  ALIYUN_TEMPLATE_AREA_OUTAGE_EN: z.string().optional(),
  ALIYUN_TEMPLATE_LOOK_IN_EN: z.string().optional(),
  ALIYUN_TEMPLATE_ABSENCE_ENDED_EN: z.string().optional(),
  ALIYUN_TEMPLATE_DAILY_WORD_EN: z.string().optional(),
  ALIYUN_TEMPLATE_ROSTER_GAP_EN: z.string().optional(),
  ALIYUN_TEMPLATE_GATEWAY_FAULT_EN: z.string().optional(),
  ALIYUN_TEMPLATE_TICKET_DIGEST_EN: z.string().optional(),
  ALIYUN_CALLBACK_SECRET: callbackSecret.optional(),
  ALIYUN_CALLBACK_FROM: addresses.default([]),
  ALIYUN_BASE_URL: address.default('https://dysmsapi.aliyuncs.com'),
  SMS_HTTP_FILE: z.string().optional(),
  SMS_HTTP_CALLBACK_SECRET: callbackSecret.optional(),
  SMS_HTTP_CALLBACK_FROM: addresses.default([]),
} as const;
type SmsVariables = z.output<z.ZodObject<typeof SMS_VARIABLES>>;

const NEEDED: Readonly<Record<(typeof DRIVERS)[number], readonly string[]>> = {
  log: [],
  twilio: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'PUBLIC_BASE_URL'],
  aliyun: [
    'ALIYUN_ACCESS_KEY_ID',
    'ALIYUN_ACCESS_KEY_SECRET',
    'ALIYUN_SIGN_NAME',
    // A policy must ask for digests: who never does needs no template of them.
    ...Object.values(TEMPLATES)
      .filter((name) => name !== 'TICKET_DIGEST')
      .map((name) => `ALIYUN_TEMPLATE_${name}`),
    'ALIYUN_CALLBACK_SECRET',
    'PUBLIC_BASE_URL',
    'CODE_KEY',
  ],
  http: ['SMS_HTTP_FILE'],
};

type Given = Readonly<Record<string, string | undefined>>;

/** What the drivers in use need, looked at apart so that it is reported together with everything else. */
export function smsMistakes(env: Given): string[] {
  const chosen = drivers.safeParse(env['SMS_DRIVER'] ?? 'log');
  if (!chosen.success) return [];
  return [...driverMistakes(chosen.data, env), ...voiceMistakes(chosen.data, env)];
}

function driverMistakes(chosen: readonly (typeof DRIVERS)[number][], env: Given): string[] {
  return chosen.flatMap((driver) => {
    const missing = NEEDED[driver]
      .filter((name) => !env[name])
      .map((name) => `  ${name}: SMS_DRIVER=${driver} needs it`);
    const hasSender = driver !== 'twilio' || (env['TWILIO_FROM'] ?? env['TWILIO_MESSAGING_SERVICE_SID']);
    const sender = '  TWILIO_MESSAGING_SERVICE_SID: SMS_DRIVER=twilio needs it, or TWILIO_FROM';
    return hasSender ? missing : [...missing, sender];
  });
}

/** Calls need Twilio's account, whoever sends the texts. */
function voiceMistakes(chosen: readonly string[], env: Given): string[] {
  if (!env['TWILIO_VOICE_FROM'] || isTrial(chosen) || chosen.includes('twilio')) return [];
  return NEEDED.twilio.filter((name) => !env[name]).map((name) => `  ${name}: TWILIO_VOICE_FROM needs it`);
}

/** Where texts only go to the page that shows the phones, so do calls: nothing leaves the machine. */
function isTrial(chosen: readonly string[]): boolean {
  return chosen.every((driver) => driver === 'log');
}

/** The way out for calls; undefined where nobody is to be called. */
export function voiceConfig(vars: SmsVariables): VoiceConfig | undefined {
  const from = vars.TWILIO_VOICE_FROM;
  if (from === undefined) return undefined;
  return isTrial(vars.SMS_DRIVER) ? { driver: 'log' } : { driver: 'twilio', ...twilioAccount(vars), from };
}

/** The ways out for texts, in the order in which they are tried. */
export function smsConfigs(vars: SmsVariables): SmsConfig[] {
  return vars.SMS_DRIVER.map((driver) => configOf(driver, vars));
}

function configOf(driver: (typeof DRIVERS)[number], vars: SmsVariables): SmsConfig {
  switch (driver) {
    case 'log':
      return { driver };
    case 'twilio':
      return twilio(vars);
    case 'aliyun':
      return aliyun(vars);
    case 'http':
      return {
        driver,
        path: vars.SMS_HTTP_FILE ?? '',
        callbacks: callbacks(vars.SMS_HTTP_CALLBACK_SECRET, vars.SMS_HTTP_CALLBACK_FROM),
      };
  }
}

function twilio(vars: SmsVariables): SmsConfig {
  const messagingServiceSid = vars.TWILIO_MESSAGING_SERVICE_SID;
  return {
    driver: 'twilio',
    ...twilioAccount(vars),
    sender: messagingServiceSid ? { messagingServiceSid } : { from: vars.TWILIO_FROM ?? '' },
    links: vars.TWILIO_LINKS,
  };
}

function twilioAccount(vars: SmsVariables): TwilioAccount {
  const previous = vars.TWILIO_AUTH_TOKEN_PREVIOUS;
  return {
    baseUrl: vars.TWILIO_BASE_URL,
    accountSid: vars.TWILIO_ACCOUNT_SID ?? '',
    authToken: new Secret(vars.TWILIO_AUTH_TOKEN ?? ''),
    previousAuthToken: previous === undefined ? undefined : new Secret(previous),
  };
}

function aliyun(vars: SmsVariables): SmsConfig {
  const templates = Object.entries(TEMPLATES).map(([key, name]) => {
    const zh = vars[`ALIYUN_TEMPLATE_${name}`];
    const en = vars[`ALIYUN_TEMPLATE_${name}_EN`];
    return [key, { ...(zh !== undefined && { 'zh-CN': zh }), ...(en !== undefined && { en }) }] as const;
  });
  return {
    driver: 'aliyun',
    baseUrl: vars.ALIYUN_BASE_URL.replace(/\/+$/, ''),
    accessKeyId: vars.ALIYUN_ACCESS_KEY_ID ?? '',
    accessKeySecret: new Secret(vars.ALIYUN_ACCESS_KEY_SECRET ?? ''),
    signName: vars.ALIYUN_SIGN_NAME ?? '',
    templates: Object.fromEntries(templates),
    callbacks: { secret: new Secret(vars.ALIYUN_CALLBACK_SECRET ?? ''), from: vars.ALIYUN_CALLBACK_FROM },
  };
}

function callbacks(secret: string | undefined, from: readonly string[]): CallbackConfig | undefined {
  return secret === undefined ? undefined : { secret: new Secret(secret), from };
}
