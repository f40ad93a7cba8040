import type { Config } from '../../../config/config.ts';
import { type Check, fine, problem } from './check.ts';

const NAME = 'public address';
const LOOPBACK = /^(localhost|127\.|\[::1\])/;

/** Whether a phone can open the links in texts, and an SMS provider can call back. */
export function checkPublicAddress({ http, sms }: Pick<Config, 'http' | 'sms'>): Check {
  const textsAreReal = sms.some(({ driver }) => driver !== 'log');
  if (http.publicBaseUrl === undefined) {
    if (!textsAreReal) return fine(NAME, 'not set; links point at this machine');
    return problem(NAME, 'PUBLIC_BASE_URL is not set', 'set it to the https address that phones can open');
  }
  const { protocol, hostname, origin } = new URL(http.publicBaseUrl);
  if (!textsAreReal) return fine(NAME, origin);
  if (LOOPBACK.test(hostname)) return problem(NAME, `${origin} is this machine`, 'set an address that phones can open');
  if (protocol !== 'https:') return problem(NAME, `${origin} is not https`, 'set an https address in PUBLIC_BASE_URL');
  return fine(NAME, origin);
}
