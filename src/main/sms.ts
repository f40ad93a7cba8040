import type { SmsConfig } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { type LogSmsGateway, logSmsGateway } from '../notify/channels/log-sms-gateway.ts';
import type { TwilioCallReader } from '../notify/channels/twilio-receipts.ts';
import type { SmsGateway } from '../notify/sms-gateway.ts';

/** The gateway in use, with what of it the web part must know. */
export interface Sms {
  readonly gateway: SmsGateway;
  /** The texts of the log driver, which stands in for phones. */
  readonly inbox: LogSmsGateway | undefined;
  /** Tells Twilio's calls on our webhook from forged ones. */
  readonly readTwilioCall: TwilioCallReader | undefined;
}

/** Picks the SMS gateway that the configuration names, and loads no other. A new driver is added here. */
export async function createSms(
  config: SmsConfig,
  publicBaseUrl: string,
  deps: { clock: Clock; log: Logger },
): Promise<Sms> {
  switch (config.driver) {
    case 'log': {
      const gateway = logSmsGateway(deps);
      return { gateway, inbox: gateway, readTwilioCall: undefined };
    }
    case 'twilio': {
      const { twilioSmsGateway } = await import('../notify/channels/twilio-sms-gateway.ts');
      const { twilioCallReader } = await import('../notify/channels/twilio-receipts.ts');
      return {
        gateway: twilioSmsGateway({ config, publicBaseUrl }),
        inbox: undefined,
        readTwilioCall: twilioCallReader(config, publicBaseUrl),
      };
    }
  }
}
