import { afterAll, beforeAll } from 'vitest';
import { type AliyunNetwork, startAliyunNetwork } from '../../simulator/aliyun/aliyun-network.ts';
import { type HttpNetwork, startHttpNetwork } from '../../simulator/http-gateway/http-network.ts';
import { type HttpGatewayFile, parseHttpGatewayFile } from '../../src/config/http-gateway-file.ts';
import type { AliyunConfig } from '../../src/config/sms-config.ts';
import type { Clock } from '../../src/core/clock.ts';
import { Secret } from '../../src/core/secret.ts';

const KEYS = { accessKeyId: 'LTAI-invented', accessKeySecret: 'secret of the stand-in', signName: '静水' };
const TEMPLATES = {
  check_request: { 'zh-CN': 'SMS_1' },
  check_request_bundle: { 'zh-CN': 'SMS_2' },
  emergency: { 'zh-CN': 'SMS_3', en: 'SMS_8' },
  stand_down: { 'zh-CN': 'SMS_4' },
  stand_down_bundle: { 'zh-CN': 'SMS_5' },
  claim_lapsed: { 'zh-CN': 'SMS_6' },
  recovered: { 'zh-CN': 'SMS_7' },
};
const VARIABLES = {
  SMS_1: ['ask', 'home', 'shows', 'code'],
  SMS_2: ['count', 'homes', 'codes'],
  SMS_3: ['home', 'code'],
  SMS_4: ['home', 'found'],
  SMS_5: ['count', 'homes'],
  SMS_6: ['home'],
  SMS_7: ['home', 'time', 'water', 'ask'],
  SMS_8: ['home', 'code'],
};
export const CALLBACK_SECRET = 'path-that-only-they-know';

/** Aliyun's SMS service, of this test file's own. Read it inside tests and hooks. */
export function useAliyunNetwork(clock: Clock): { readonly network: AliyunNetwork; readonly config: AliyunConfig } {
  let network: AliyunNetwork | undefined;
  beforeAll(async () => {
    network = await startAliyunNetwork({ ...KEYS, templates: VARIABLES, now: clock.now });
  });
  afterAll(() => network?.stop());
  const standing = () => network ?? fail();
  return {
    get network() {
      return standing();
    },
    get config() {
      return aliyunConfigFor(standing().url);
    },
  };
}

export function aliyunConfigFor(baseUrl: string, accessKeySecret = KEYS.accessKeySecret): AliyunConfig {
  const { accessKeyId, signName } = KEYS;
  const callbacks = { secret: new Secret(CALLBACK_SECRET), from: [] };
  const secret = new Secret(accessKeySecret);
  return { driver: 'aliyun', baseUrl, accessKeyId, accessKeySecret: secret, signName, templates: TEMPLATES, callbacks };
}

/** A provider that a file describes. */
export function useHttpNetwork(): { readonly network: HttpNetwork; readonly file: HttpGatewayFile } {
  let network: HttpNetwork | undefined;
  beforeAll(async () => {
    network = await startHttpNetwork('token of the provider');
  });
  afterAll(() => network?.stop());
  const standing = () => network ?? fail();
  return {
    get network() {
      return standing();
    },
    get file() {
      return httpFileFor(standing().url);
    },
  };
}

export function httpFileFor(baseUrl: string, token = 'token of the provider', timeoutSeconds = 10): HttpGatewayFile {
  const text = JSON.stringify({
    name: 'city-sms',
    timeoutSeconds,
    send: {
      url: `${baseUrl}/v2/messages`,
      headers: { authorization: 'Bearer ${SMS_HTTP_TOKEN}' },
      json: { to: '{{to}}', text: '{{body}}', id: '{{reference}}' },
    },
    answer: {
      accepted: { path: 'result.code', in: [0] },
      reference: 'result.message.id',
      code: 'result.code',
      causes: {
        1001: 'invalid_number',
        1002: 'opted_out',
        4010: 'account_refused',
        4020: 'balance_empty',
        9000: 'rate_limited',
      },
    },
    receipts: {
      list: 'reports',
      reference: 'msgid',
      status: 'state',
      code: 'error',
      statuses: { DELIVRD: 'delivered', UNDELIV: 'undelivered' },
      causes: { '007': 'unknown_handset' },
      answer: { body: '{"status":"ok"}' },
    },
    replies: { from: 'mobile', body: 'content', reference: 'seq' },
  });
  return parseHttpGatewayFile(text, 'the file', { SMS_HTTP_TOKEN: token });
}

function fail(): never {
  throw new Error('the stand-in exists only while tests run');
}
