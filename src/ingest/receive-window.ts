import { bytesOf } from './gather.ts';

export interface WindowLimits {
  /** With so much waiting for its commit, nothing more is asked for. */
  readonly windowMessages: number;
  readonly windowBytes: number;
}

/** How much is under way, and who waits until there is room for more. */
export interface ReceiveWindow {
  readonly messages: () => number;
  readonly takeIn: (item: { readonly bytes: number }) => void;
  readonly letGo: (items: readonly { readonly bytes: number }[]) => void;
  /** Calls `proceed` now where there is room, and otherwise when `letProceed` finds some. */
  readonly whenRoom: (proceed: () => void) => void;
  /** Calls those who wait, where there is room by now. */
  readonly letProceed: () => void;
  /** Calls them whether or not there is room: nothing is taken in any more. */
  readonly open: () => void;
}

export function receiveWindow({ windowMessages, windowBytes }: WindowLimits): ReceiveWindow {
  const pending = { messages: 0, bytes: 0 };
  let held: (() => void)[] = [];
  const callHeld = () => {
    const proceeding = held;
    held = [];
    for (const proceed of proceeding) proceed();
  };
  const hasRoom = () => pending.messages < windowMessages && pending.bytes < windowBytes;
  return {
    messages: () => pending.messages,
    takeIn: ({ bytes }) => {
      pending.messages += 1;
      pending.bytes += bytes;
    },
    letGo: (items) => {
      pending.messages -= items.length;
      pending.bytes -= bytesOf(items);
    },
    whenRoom: (proceed) => {
      if (hasRoom()) proceed();
      else held.push(proceed);
    },
    letProceed: () => {
      if (hasRoom()) callHeld();
    },
    open: callHeld,
  };
}
