/** Lets any number of waiters wait for the next time that something happens. */
export function signal(): { readonly raise: () => void; readonly raised: () => Promise<void> } {
  let waiting: (() => void)[] = [];
  return {
    raise: () => {
      const raised = waiting;
      waiting = [];
      for (const go of raised) go();
    },
    raised: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
