/**
 * Turns work on many items into work on one at a time: what is asked for while the work runs is done together in the
 * next run. A run that fails fails for all of its items.
 */
export function inGroups<Item>(work: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: Item[] = [];
  let next: Promise<void> | undefined;
  let running: Promise<void> = Promise.resolve();

  const run = (): Promise<void> => {
    const items = waiting;
    waiting = [];
    next = undefined;
    return work(items);
  };
  return (item) => {
    waiting.push(item);
    if (!next) {
      next = running.then(run, run);
      running = next.catch(() => undefined);
    }
    return next;
  };
}
