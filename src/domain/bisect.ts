/** By bisection: the position of the first of a sorted row for which it is so, as it is for all after it; or the length. */
export function firstWhere<Each>(sorted: readonly Each[], isSo: (each: Each) => boolean): number {
  return firstPosition(sorted.length, (position) => {
    const each = sorted[position];
    return each !== undefined && isSo(each);
  });
}

/** The same of rows that are no array: the first of `length` positions for which it is so, or `length`. */
export function firstPosition(length: number, isSo: (position: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
