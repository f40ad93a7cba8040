import type { WindowConsumption } from './window-consumption.ts';

/** What a home's water says. NOT_USED is proved by readings; where they are missing, nobody can tell. */
export const VERDICTS = ['USED', 'NOT_USED', 'CANNOT_TELL'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** When a window of water counts as abnormally little. */
export interface LowUseRule {
  readonly windowHours: number;
  /** Less than this in the window is abnormally little. */
  readonly floorLitres: number;
  /** The share of the window that must be known before little water means anything, 0 to 1. */
  readonly minCoverage: number;
}

/**
 * The verdict on one window, over all meters of the home: use on any of them is use, but little use must be proved on
 * every one.
 */
export function verdictOf(windows: readonly WindowConsumption[], rule: LowUseRule): Verdict {
  const seenLitres = windows.reduce((sum, window) => sum + window.knownLitres + window.gapLitres, 0);
  if (seenLitres >= rule.floorLitres) return 'USED';

  const proved = windows.length > 0 && windows.every((window) => window.coverage >= rule.minCoverage);
  return proved ? 'NOT_USED' : 'CANNOT_TELL';
}
