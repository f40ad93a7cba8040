/** The detectors whose findings are about a person or the water in a home. Device faults become tickets instead. */
export const WELFARE_DETECTORS = ['inactivity', 'low-use', 'running-water'] as const;
export type WelfareDetector = (typeof WELFARE_DETECTORS)[number];

/**
 * The name under which findings are kept: a detector's own, or for a rule that an authority wrote `low-use:its name`, so
 * that two rules of one kind that begin at the same moment are two findings.
 */
export type FindingName = WelfareDetector | `${WelfareDetector}:${string}`;

/** Whether a stored name is one of ours. */
export function isFindingName(name: string): name is FindingName {
  return WELFARE_DETECTORS.some((detector) => name === detector || name.startsWith(`${detector}:`));
}

/** The detector behind a finding's name; it decides the severity. */
export function detectorOf(name: FindingName): WelfareDetector {
  const colon = name.indexOf(':');
  return (colon < 0 ? name : name.slice(0, colon)) as WelfareDetector;
}

/** The figures behind an `inactivity` finding. */
export interface InactivityEvidence {
  readonly detector: 'inactivity';
  /** When the pause began: the last use, or a home check since. */
  readonly sinceMs: number;
  /** How long the pause had lasted, in whole hours. */
  readonly dryHours: number;
  /** How long such a pause may last, in hours. */
  readonly limitHours: number;
  /** The share of this home's comparable pauses that were over by then, 0 to 1; absent where only the cap is known. */
  readonly shareOver?: number | undefined;
  /** What runs by itself and was taken off, in litres an hour. */
  readonly leakLitresPerHour: number;
  readonly asOfMs: number;
}

/** The figures behind a `low-use` finding. */
export interface LowUseEvidence {
  readonly detector: 'low-use';
  readonly windowHours: number;
  readonly floorLitres: number;
  /** What ran in the window, in litres. */
  readonly litres: number;
  /** The end of the last interval in which anything ran; undefined when none is on record. */
  readonly lastUseAtMs: number | undefined;
  /** The end of the window, in the meter's time. */
  readonly asOfMs: number;
  /** The name of the rule, where an authority wrote it. */
  readonly rule?: string | undefined;
}

/** The figures behind a `running-water` finding. */
export interface RunningWaterEvidence {
  readonly detector: 'running-water';
  readonly hours: number;
  /** The least flow in those hours, in whole litres an hour; 0 when it was the volume and not the flow that counted. */
  readonly leastLitresPerHour: number;
  /** What ran in those hours, in litres. */
  readonly litres: number;
  readonly asOfMs: number;
  /** The name of the rule, where an authority wrote it. */
  readonly rule?: string | undefined;
  /** More than this was too much, in litres; only where a rule of an authority counts the volume. */
  readonly limitLitres?: number | undefined;
  /** When the day of the home began over which the volume was counted. */
  readonly daySinceMs?: number | undefined;
  /** No time as long as this passed without water. */
  readonly slotMinutes?: number | undefined;
}

export type Evidence = InactivityEvidence | LowUseEvidence | RunningWaterEvidence;

export const SEVERITIES = ['warning', 'urgent', 'emergency'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A stretch of time, in the meter's own time, during which a detector's condition held. */
export interface Episode {
  readonly beganAtMs: number;
  /** When readings showed that it was over; undefined while nothing shows that. */
  readonly endedAtMs: number | undefined;
  /** The figures at the moment it began. */
  readonly evidence: Evidence;
}

/** An episode that is not known to be over. */
export type BegunEpisode = Omit<Episode, 'endedAtMs'>;

export function severityOf(detector: WelfareDetector): Severity {
  switch (detector) {
    case 'inactivity':
    case 'low-use':
      return 'urgent';
    case 'running-water':
      return 'warning';
  }
}

export function graver(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}
