/** The least figure that `share` of all figures do not exceed. NaN without any. */
export function percentile(figures: Float64Array | readonly number[], share: number): number {
  const sorted = Float64Array.from(figures).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
