const LONGEST_PATIENCE_MS = 60_000;

/** Calls `onOver` whenever patience is over: after `firstMs`, and each time after twice as long, until it is renewed. */
export function growingPatience(
  firstMs: number,
  onOver: () => void,
): { readonly renew: () => void; readonly end: () => void } {
  let timer: NodeJS.Timeout;
  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      onOver();
      wait(Math.min(2 * ms, LONGEST_PATIENCE_MS));
    }, ms);
  };
  wait(firstMs);
  return { renew: () => wait(firstMs), end: () => clearTimeout(timer) };
}
