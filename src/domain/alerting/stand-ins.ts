/** Somebody who is away now, and who stands in for them. */
export interface Leave {
  readonly personId: number;
  readonly substituteId: number | null;
}

/**
 * Who is asked in somebody's place: themselves, or their substitute, or the substitute's, for whoever of them is away.
 * Undefined when all of them are.
 */
export function standInFor(personId: number, leaves: readonly Leave[]): number | undefined {
  const away = new Map(leaves.map((leave) => [leave.personId, leave.substituteId]));
  const seen = new Set<number>();
  let candidate: number | null = personId;
  while (candidate !== null && away.has(candidate)) {
    if (seen.has(candidate)) return undefined;
    seen.add(candidate);
    candidate = away.get(candidate) ?? null;
  }
  return candidate ?? undefined;
}
