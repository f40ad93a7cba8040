/** By bisection: the position of the first of a sorted row for which it is so, as it is for all after it; or the length. */
export function firstWhere<Each>(sorted: readonly Each[], isSo: (each: Each) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const each = sorted[middle];
    if (each !== undefined && isSo(each)) high = middle;
    else low = middle + 1;
  }
  return low;
}
