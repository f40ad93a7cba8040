export interface WindowLimits {
  /** With so much waiting for its commit, nothing more is asked for. */
  readonly windowMessages: number;
  readonly windowBytes: number;
}

/** How much is under way, and who waits until there is room for more. */
export interface ReceiveWindow {
  readonly messages: () => number;
  readonly takeIn: (bytes: number) => void;
  readonly letGo: (messages: number, bytes: number) => void;
  readonly hasRoom: () => boolean;
  /** Calls `proceed` when `letProceed` finds room. */
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
    takeIn: (bytes) => {
      pending.messages += 1;
      pending.bytes += bytes;
    },
    letGo: (messages, bytes) => {
      pending.messages -= messages;
      pending.bytes -= bytes;
    },
    hasRoom,
    whenRoom: (proceed) => held.push(proceed),
    letProceed: () => {
      if (hasRoom()) callHeld();
    },
    open: callHeld,
  };
}
