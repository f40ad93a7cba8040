import type { Message } from './message.ts';
import { postSigned } from './signature.ts';

export interface CallbackSender {
  /** Walks a message through its states and reports each, one after the other. */
  readonly report: (message: Message, states: readonly Message['status'][], errorCode?: number) => void;
  /** Waits until every report under way has been answered, or could not be. */
  readonly settled: () => Promise<void>;
}

/** Reports to the address that each message names, signed with the account's token. */
export function callbackSender(authToken: string, accountSid: string): CallbackSender {
  const underWay = new Set<Promise<void>>();

  const walk = async (message: Message, states: readonly Message['status'][], errorCode?: number) => {
    for (const status of states) {
      // A part that arrives later does not make up for one that was lost.
      if (message.status !== 'undelivered') message.status = status;
      if (status === 'undelivered') message.errorCode = errorCode;
      await call(message, status, authToken, accountSid);
    }
  };
  return {
    report: (message, states, errorCode) => {
      const walking = walk(message, states, errorCode).finally(() => underWay.delete(walking));
      underWay.add(walking);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** A receiver that is down misses its report, as with the real network once that has given up. */
async function call(message: Message, status: Message['status'], authToken: string, accountSid: string): Promise<void> {
  const { statusCallback: url, sid, to } = message;
  const errorCode = status === 'undelivered' ? message.errorCode : undefined;
  if (url === undefined) return;
  const form: Record<string, string> = {
    AccountSid: accountSid,
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    To: to,
    ApiVersion: '2010-04-01',
    ...(message.from === undefined ? {} : { From: message.from }),
    ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
  };
  await postSigned(authToken, url, form);
}
