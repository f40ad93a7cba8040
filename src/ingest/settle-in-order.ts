/** Batches that are written side by side, and settled one after the other. */
export interface SettlingRow<Batch> {
  readonly add: (batch: Batch, stored: Promise<boolean>) => void;
  /** Resolves when everything that was added so far is settled. */
  readonly done: () => Promise<void>;
}

/**
 * Settles batches in the order in which they were added. Once one was not stored, neither it nor any after it counts as
 * stored, whatever became of them: whoever waits for them is told in order, and must not be told of the later ones alone.
 */
export function settleInOrder<Batch>(settle: (batch: Batch, isStored: boolean) => void): SettlingRow<Batch> {
  let settled = Promise.resolve();
  let isBroken = false;
  return {
    add: (batch, stored) => {
      settled = settled.then(async () => {
        isBroken = !(await stored) || isBroken;
        settle(batch, !isBroken);
      });
    },
    done: () => settled,
  };
}
