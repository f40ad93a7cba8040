import type { Call, CallStatus } from './call.ts';
import { callScriptIn } from './call-script.ts';
import type { DialledFate, Receipts } from './fate.ts';
import { postSigned } from './signature.ts';

export interface CallProgress {
  /** Lets a call run its course, with word of it at each turn. */
  readonly start: (call: Call, fate: DialledFate) => void;
  /** Waits until every call under way is over and every word of it has been answered, or could not be. */
  readonly settled: () => Promise<void>;
}

/** Under which name a caller asks for word of a state. All ends are one event. */
const EVENT_OF: Partial<Record<CallStatus, string>> = {
  initiated: 'initiated',
  ringing: 'ringing',
  'in-progress': 'answered',
};

const COURSES: Readonly<Record<DialledFate['kind'], readonly CallStatus[]>> = {
  answer: ['initiated', 'ringing', 'in-progress', 'completed'],
  no_answer: ['initiated', 'ringing', 'no-answer'],
  busy: ['initiated', 'busy'],
  failed: ['initiated', 'failed'],
  canceled: ['canceled'],
};

/** Reports to the address that each call names, and brings keys to the one its TwiML names, signed with the token. */
export function callProgress(authToken: string, accountSid: string): CallProgress {
  const underWay = new Set<Promise<void>>();

  const tell = async (call: Call, status: CallStatus) => {
    if (!call.statusCallback || !call.statusCallbackEvents.includes(EVENT_OF[status] ?? 'completed')) return;
    const sip = status === 'failed' ? call.sipCode : undefined;
    const more = sip === undefined ? {} : { SipResponseCode: String(sip) };
    await postSigned(authToken, call.statusCallback, { ...formOf(call, accountSid), CallStatus: status, ...more });
  };
  const press = async (call: Call, keys: string) => {
    const { keyUrl } = callScriptIn(call.twiml);
    if (keyUrl === undefined) return;
    const form = { ...formOf(call, accountSid), CallStatus: 'in-progress', Digits: keys, msg: 'Gather End' };
    call.answer = await postSigned(authToken, keyUrl, form);
  };
  const run = async (call: Call, fate: DialledFate) => {
    call.sipCode = fate.kind === 'failed' ? fate.sipCode : undefined;
    const course = COURSES[fate.kind];
    const isReversed = fate.receipts === 'reversed';
    for (const status of course) {
      call.status = status;
      if (!isReversed) for (let n = timesTold(fate.receipts); n > 0; n -= 1) await tell(call, status);
      if (status === 'in-progress' && fate.kind === 'answer' && fate.key !== undefined) await press(call, fate.key);
    }
    if (isReversed) for (const status of course.toReversed()) await tell(call, status);
  };
  return {
    start: (call, fate) => {
      const running = run(call, fate).finally(() => underWay.delete(running));
      underWay.add(running);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function timesTold(receipts: Receipts = 'usual'): number {
  if (receipts === 'never') return 0;
  return receipts === 'twice' ? 2 : 1;
}

function formOf({ sid, to, from }: Call, accountSid: string): Record<string, string> {
  return {
    AccountSid: accountSid,
    CallSid: sid,
    To: to,
    From: from,
    Direction: 'outbound-api',
    ApiVersion: '2010-04-01',
  };
}
