/** Numbers from `first` to `last`, both included. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

/** The same numbers in ranges that are sorted and stand apart from one another. */
export function joinRanges(ranges: readonly SequenceRange[]): SequenceRange[] {
  const joined: SequenceRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before && range.first <= before.last + 1) {
      joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
    } else joined.push({ first: range.first, last: range.last });
  }
  return joined;
}

/** What is left of `ranges` without the numbers of `taken`. Both are sorted and stand apart; a piece keeps its fields. */
export function withoutRanges<Range extends SequenceRange>(
  ranges: readonly Range[],
  taken: readonly SequenceRange[],
): Range[] {
  const left: Range[] = [];
  let position = 0;
  for (const range of ranges) {
    let { first } = range;
    for (let cut = taken[position]; cut && cut.first <= range.last; cut = taken[position]) {
      if (cut.first > first) left.push({ ...range, first, last: cut.first - 1 });
      first = Math.max(first, cut.last + 1);
      // One that reaches further may cut into the next range as well.
      if (cut.last >= range.last) break;
      position += 1;
    }
    if (first <= range.last) left.push({ ...range, first });
  }
  return left;
}
