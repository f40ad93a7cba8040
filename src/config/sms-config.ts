import type { Secret } from '../core/secret.ts';

/** One way out for texts. */
export type SmsConfig = { readonly driver: 'log' } | TwilioConfig | AliyunConfig | HttpGatewayConfig;

/** One way out for calls. */
export type VoiceConfig = { readonly driver: 'log' } | TwilioVoiceConfig;

export interface TwilioAccount {
  /** Undefined is Twilio itself; tests point it at a stand-in. */
  readonly baseUrl: string | undefined;
  readonly accountSid: string;
  readonly authToken: Secret;
  /** The token before the last rotation: callbacks signed with it are still believed. */
  readonly previousAuthToken: Secret | undefined;
}

export interface TwilioVoiceConfig extends TwilioAccount {
  readonly driver: 'twilio';
  /** The number that calls, E.164. */
  readonly from: string;
}

export interface TwilioConfig extends TwilioAccount {
  readonly driver: 'twilio';
  readonly sender: { readonly from: string } | { readonly messagingServiceSid: string };
  /** Whether texts may carry links; to mainland China they may not. */
  readonly links: 'any' | 'none';
}

export interface AliyunConfig {
  readonly driver: 'aliyun';
  readonly baseUrl: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: Secret;
  /** The signature that was reviewed: the name in front of every text. */
  readonly signName: string;
  /** Codes of the templates that were reviewed, by what they are for and by language. */
  readonly templates: Readonly<Record<string, { readonly 'zh-CN'?: string; readonly en?: string }>>;
  readonly callbacks: CallbackConfig;
}

/** Any gateway that takes texts over HTTP, told by a file. */
export interface HttpGatewayConfig {
  readonly driver: 'http';
  /** The file that describes it. */
  readonly path: string;
  readonly callbacks: CallbackConfig | undefined;
}

/** How calls of a gateway that does not sign them are told from a stranger's. */
export interface CallbackConfig {
  readonly secret: Secret;
  /** Network addresses that may call; empty: all that know the path. */
  readonly from: readonly string[];
}
