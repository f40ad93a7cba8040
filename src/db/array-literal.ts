/**
 * Numbers as the text of a PostgreSQL int8 array.
 *
 * The driver would look at each element of a JavaScript array by itself; for thousands of readings a batch one joined
 * text is several times cheaper.
 */
export function int8Array(numbers: readonly number[] | Float64Array): string {
  return `{${numbers.join(',')}}`;
}
