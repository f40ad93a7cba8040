import type { Config } from '../../../config/config.ts';
import type { GatewayFault, RosterDefect } from '../../../db/reachability.ts';
import { loadHttpGateway } from '../../sms.ts';
import { type Check, fine, problem, warning } from './check.ts';

const SHOWN = 20;

/** Whose number no text can reach: by their number on the roster, for a name may end up in a ticket. */
export function checkReachability(defects: readonly RosterDefect[], unread: number): Check[] {
  const name = 'reachability';
  const unreachable = defects.slice(0, SHOWN).map(({ personId, cause, openedAt }) => {
    const found = `person ${personId} cannot be texted: ${cause}, since ${openedAt.toISOString().slice(0, 10)}`;
    return warning(name, found, 'give them a number that works in people.csv, or name somebody else');
  });
  const replies =
    unread === 0 ? [] : [warning('replies', `${unread} repl(ies) nobody acted on`, 'read them: stillwater replies')];
  const isFine = unreachable.length + replies.length === 0;
  return isFine ? [fine(name, 'no number is known not to work')] : [...unreachable, ...replies];
}

/** Gateways that refuse our account. */
export function checkGateways(faults: readonly GatewayFault[], { sms, voice }: Pick<Config, 'sms' | 'voice'>): Check[] {
  const isInUse = (gateway: string) =>
    sms.some(({ driver }) => driver === gateway || driver === 'http') || gateway === (voice && `${voice.driver}-voice`);
  return faults
    .filter(({ gateway }) => isInUse(gateway))
    .map(({ gateway, cause, openedAt }) => {
      const found = `${gateway} refuses our account: ${cause}, since ${openedAt.toISOString()}`;
      return problem('SMS gateway', found, 'mend the account; texts leave through the next gateway, or wait');
    });
}

/** Whether what the settings say of the gateways can be used. */
export function checkSmsSettings({ sms, voice }: Pick<Config, 'sms' | 'voice'>): Check {
  for (const config of sms) if (config.driver === 'http') loadHttpGateway(config.path);
  const texts = sms.map(({ driver }) => driver).join(', then ');
  return fine('SMS settings', voice ? `${texts}; calls by ${voice.driver}` : texts);
}
