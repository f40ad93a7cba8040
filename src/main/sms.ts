import { readFileSync } from 'node:fs';
import { parseHttpGatewayFile } from '../config/http-gateway-file.ts';
import type { Config } from '../config/config.ts';
import type { SmsConfig, VoiceConfig } from '../config/sms-config.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { logSmsGateway } from '../notify/channels/log-sms-gateway.ts';
import { logVoiceGateway } from '../notify/channels/log-voice-gateway.ts';
import { phonesInbox, type PhonesInbox } from '../notify/channels/phones-inbox.ts';
import type { TwilioReaders } from '../notify/channels/twilio-receipts.ts';
import type { SmsGateway } from '../notify/sms-gateway.ts';
import type { GatewayWebhook } from '../web/webhooks/gateway-webhooks.ts';

/** One way out for texts or calls, with what of it the web part must know. */
interface Route {
  readonly gateway: SmsGateway;
  readonly twilio?: TwilioReaders;
  readonly webhook?: GatewayWebhook;
}

/** The gateways in use, with what of them the web part must know. */
export interface Sms {
  /** In the order in which they are tried. */
  readonly gateways: readonly [SmsGateway, ...SmsGateway[]];
  /** What makes calls; undefined where nobody can be called. */
  readonly voice: SmsGateway | undefined;
  /** The texts and calls of the log driver, which stands in for phones. */
  readonly inbox: PhonesInbox | undefined;
  /** Tell Twilio's calls on our webhooks from forged ones. */
  readonly twilio: TwilioReaders | undefined;
  /** The secret addresses of gateways that do not sign their calls. */
  readonly webhooks: readonly GatewayWebhook[];
}

interface SmsDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly inbox: PhonesInbox;
}

/**
 * Picks the gateways for texts and for calls that the configuration names, and loads no other. A new driver is added here.
 *
 * @throws AppError `config_invalid` when the file of an HTTP gateway is missing or wrong.
 */
export async function createSms(
  { sms: configs, voice: voiceConfig }: Pick<Config, 'sms' | 'voice'>,
  publicBaseUrl: string,
  { clock, log }: Pick<SmsDeps, 'clock' | 'log'>,
): Promise<Sms> {
  const deps = { clock, log, inbox: phonesInbox({ clock }) };
  const routes = await Promise.all(configs.map((config) => routeFor(config, publicBaseUrl, deps)));
  const voice = voiceConfig && (await voiceRouteFor(voiceConfig, publicBaseUrl, deps));
  const [first, ...others] = routes.map(({ gateway }) => gateway);
  if (!first) throw new AppError('config_invalid', 'SMS_DRIVER: names no driver');
  return {
    gateways: [first, ...others],
    voice: voice?.gateway,
    inbox: configs.some(({ driver }) => driver === 'log') ? deps.inbox : undefined,
    twilio: [...routes, ...(voice ? [voice] : [])].find(({ twilio }) => twilio)?.twilio,
    webhooks: routes.flatMap(({ webhook }) => webhook ?? []),
  };
}

async function voiceRouteFor(config: VoiceConfig, publicBaseUrl: string, deps: SmsDeps): Promise<Route> {
  switch (config.driver) {
    case 'log':
      return { gateway: logVoiceGateway(deps) };
    case 'twilio': {
      const { twilioVoiceGateway } = await import('../notify/channels/twilio-voice-gateway.ts');
      const { twilioReaders } = await import('../notify/channels/twilio-receipts.ts');
      return { gateway: twilioVoiceGateway({ config, publicBaseUrl }), twilio: twilioReaders(config, publicBaseUrl) };
    }
  }
}

async function routeFor(config: SmsConfig, publicBaseUrl: string, deps: SmsDeps): Promise<Route> {
  switch (config.driver) {
    case 'log':
      return { gateway: logSmsGateway(deps) };
    case 'twilio': {
      const { twilioSmsGateway } = await import('../notify/channels/twilio-sms-gateway.ts');
      const { twilioReaders } = await import('../notify/channels/twilio-receipts.ts');
      return { gateway: twilioSmsGateway({ config, publicBaseUrl }), twilio: twilioReaders(config, publicBaseUrl) };
    }
    case 'aliyun': {
      const { aliyunSmsGateway } = await import('../notify/channels/aliyun-sms-gateway.ts');
      const { aliyunCallbacks } = await import('../notify/channels/aliyun-callbacks.ts');
      const webhook = { ...aliyunCallbacks, ...config.callbacks, gateway: 'aliyun' };
      return { gateway: aliyunSmsGateway({ config, clock: deps.clock }), webhook };
    }
    case 'http': {
      const { httpSmsGateway } = await import('../notify/channels/http-sms-gateway.ts');
      const { httpCallbacks } = await import('../notify/channels/http-callbacks.ts');
      const file = loadHttpGateway(config.path);
      const webhook = config.callbacks && { ...httpCallbacks(file), ...config.callbacks, gateway: file.name };
      return { gateway: httpSmsGateway(file), ...(webhook && { webhook }) };
    }
  }
}

/** @throws AppError `config_invalid` when the file is missing or wrong. */
export function loadHttpGateway(path: string): ReturnType<typeof parseHttpGatewayFile> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('config_invalid', `SMS_HTTP_FILE: ${path} cannot be read`, { cause });
  }
  return parseHttpGatewayFile(text, path, process.env);
}
