import type { InactivityEvidence } from '../domain/alerting/finding.ts';
import { firstWhere } from '../domain/bisect.ts';
import { BASE_FLOW_LOOKBACK_MS } from '../domain/habit/base-flow.ts';
import { type DryRun, USE_BEFORE_MS } from '../domain/habit/dry-run.ts';
import { habitBefore, type HomeHabit, pauseStart } from '../domain/habit/home-habit.ts';
import { firstPauseMs, NO_PAUSES } from '../domain/habit/packed-pauses.ts';
import type { UseSpan } from '../domain/habit/home-use.ts';
import {
  chancesOfLonger,
  type ChancesOfLonger,
  limitOn,
  type PauseLimit,
  type PauseRule,
} from '../domain/habit/pause-limit.ts';
import { withoutLeftOut } from '../domain/habit/left-out.ts';
import { sensitised, stepDuring } from '../domain/habit/sensitivity.ts';
import { DAY_MS, HOUR_MS } from '../domain/time.ts';
import { CANNOT_TELL, CLOCK_LEEWAY_MS, type Condition, type Detector, HOLDS_NOT } from './detector.ts';
import type { Excuse, HomeSeries } from './home-series.ts';

/** When a pause between two uses is too long for the people of a home. */
export interface InactivityRule extends PauseRule {
  /** Days of readings after which a home counts as known; before that only the cap stands. */
  readonly learningDays: number;
  /** How long nothing is said after a home check, however unusual the pause: somebody has seen that all is well. */
  readonly quietAfterCheckHours?: number | undefined;
}

/**
 * A pause that is far too long for this home, at this hour and after this much water; or longer than anybody's should be.
 *
 * What is usual comes from the home's own past. The limit is set when a pause begins and does not change while it lasts.
 * Water that only drips does not end a pause. A home check is a sign of life like a use, and begins a new one; after an
 * absence only the cap stands, since people come home later than they said. What home checks have taught of the home
 * scales the rule and leaves pauses out.
 */
export const inactivity: Detector<InactivityRule> = {
  name: 'inactivity',
  version: 3,
  needsEveryMeter: true,
  lookbackMs: ({ capHours }) => capHours * HOUR_MS + BASE_FLOW_LOOKBACK_MS + USE_BEFORE_MS,
  conditionOf,
};

/** A pause as it counts at a moment, and what explained the time before it. */
interface CountedRun extends DryRun {
  readonly after?: Excuse['kind'];
}

function conditionOf(home: HomeSeries, rule: InactivityRule): (atMs: number) => Condition {
  const { runs } = home;
  const limitOf = rememberedLimits(home, rule);
  return (atMs) => {
    const span = home.use[firstWhere(home.use, ({ toMs }) => toMs >= atMs)];
    if (!span || span.fromMs >= atMs || span.use === 'unknown') return CANNOT_TELL;
    const run = runs[firstWhere(runs, ({ endMs }) => endMs >= atMs)];
    if (!run || run.startMs >= atMs) return HOLDS_NOT;
    const counted = afterExcuses(run, home.excuses, atMs);
    if (!counted) return HOLDS_NOT;
    const dryHours = (atMs - counted.startMs + CLOCK_LEEWAY_MS) / HOUR_MS;
    const limit = dryHours < rule.leastHours ? undefined : limitOf(counted, atMs);
    if (!limit || dryHours < limit.hours) return counted.isAfterUse ? HOLDS_NOT : CANNOT_TELL;
    return { holds: true, evidence: evidenceOf(counted, span, limit, atMs) };
  };
}

/** The run as it counts: from the last excuse in it on. Undefined while an absence lasts. */
function afterExcuses(run: DryRun, excuses: readonly Excuse[], atMs: number): CountedRun | undefined {
  let counted: CountedRun = run;
  for (const { kind, fromMs, untilMs } of excuses) {
    if (fromMs > atMs || untilMs < counted.startMs) continue;
    if (untilMs > atMs) return undefined;
    counted = { ...counted, startMs: untilMs, isAfterUse: true, after: kind };
  }
  return counted;
}

/** After a home check no pause is alarming before its time of quiet is over; the cap stands. */
function ruleAfter({ after }: CountedRun, rule: InactivityRule): InactivityRule {
  const { leastHours, capHours, quietAfterCheckHours = 0 } = rule;
  if (after !== 'check') return rule;
  return { ...rule, leastHours: Math.min(capHours, Math.max(leastHours, quietAfterCheckHours)) };
}

type Curves = Map<string, ChancesOfLonger>;

/**
 * A home is often looked at with the same habit, by one rule or by several. What was worked out goes with the habit and
 * with what was learned, from which it came.
 */
const curvesByHabit = new WeakMap<HomeHabit, WeakMap<HomeSeries['learned'], Curves>>();

function curvesFor({ habit, learned }: HomeSeries): Curves {
  // That of homes of which nothing is known is shared by all, and would never be let go.
  if (habit.pauses.length === 0) return new Map<string, ChancesOfLonger>();
  const byLearned = curvesByHabit.get(habit) ?? new WeakMap<HomeSeries['learned'], Curves>();
  const curves = byLearned.get(learned) ?? new Map<string, ChancesOfLonger>();
  curvesByHabit.set(habit, byLearned.set(learned, curves));
  return curves;
}

/** The limit of each pause at a moment, worked out once for each sensitivity that the home has while it lasts. */
function rememberedLimits(home: HomeSeries, rule: InactivityRule): (run: CountedRun, atMs: number) => PauseLimit {
  const { learned } = home;
  const curves = curvesFor(home);
  const limits = new Map<string, PauseLimit>();
  let last: { readonly run: CountedRun; readonly step: number; readonly limit: PauseLimit } | undefined;
  return (run, atMs) => {
    const step = stepDuring(learned.steps, run.startMs, atMs);
    // One moment after the other is asked about, most of them of the same pause.
    if (last?.run === run && last.step === step) return last.limit;
    const key = `${run.startMs} ${run.hoursOfUseBefore} ${run.after ?? ''}`;
    let limit = limits.get(`${key} ${step}`);
    if (!limit) {
      const curveKey = `${key} ${rule.capHours} ${rule.learningDays}`;
      if (!curves.has(curveKey)) curves.set(curveKey, curveOf(home, run, rule));
      limits.set(`${key} ${step}`, (limit = limitOn(curves.get(curveKey), sensitised(ruleAfter(run, rule), step))));
    }
    last = { run, step, limit };
    return limit;
  };
}

function curveOf({ habit, calendar, learned }: HomeSeries, run: CountedRun, rule: InactivityRule): ChancesOfLonger {
  const { pauses } = habitBefore(habit, calendar.dayAt(run.startMs).startMs);
  const knownForMs = run.startMs - (firstPauseMs(pauses) ?? run.startMs);
  const isKnown = run.after !== 'absence' && knownForMs >= rule.learningDays * DAY_MS;
  const usual = isKnown ? withoutLeftOut(pauses, learned.leftOut, run.startMs) : NO_PAUSES;
  return chancesOfLonger(pauseStart(run, calendar), usual, rule.capHours);
}

function evidenceOf(run: DryRun, span: UseSpan, limit: PauseLimit, asOfMs: number): InactivityEvidence {
  return {
    detector: 'inactivity',
    sinceMs: run.startMs,
    dryHours: Math.floor((asOfMs - run.startMs + CLOCK_LEEWAY_MS) / HOUR_MS),
    limitHours: limit.hours,
    shareOver: limit.shareOver,
    leakLitresPerHour: span.baseLitresPerHour,
    asOfMs,
  };
}
