import type { Clock } from '../../core/clock.ts';
import { hashToken } from '../../core/link-token.ts';
import { daysOfWater } from '../../db/days-of-water.ts';
import { wantsDailyWord } from '../../db/daily-words.ts';
import { alertBehindLink, type InvolvedPerson, type LinkedAlert, peopleInvolved } from '../../db/pages.ts';
import type { Db } from '../../db/sql.ts';
import { linksAreOver } from '../../domain/alerting/link-life.ts';
import type { Language } from '../../domain/language.ts';
import { localDateOf } from '../../domain/local-day.ts';
import { firstDayLookedAt, type RecentWater, recentWater } from '../../domain/metering/recent-water.ts';

const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** A valid link at the moment it is opened. */
export interface Visit {
  readonly kind: 'standing';
  readonly token: string;
  /** In which the page is written: the person's own language, or the one they asked for. */
  readonly language: Language;
  readonly at: Date;
  readonly alert: LinkedAlert;
  /** The person whose link it is. */
  readonly self: InvolvedPerson;
  /** Everybody else who was asked. */
  readonly others: readonly InvolvedPerson[];
  /** The last days of the home's water; undefined when nothing is known of them, or the alert is over. */
  readonly water: RecentWater | undefined;
  /** Whether this guardian is told once a day that water was used; undefined for everybody else. */
  readonly hasDailyWord: boolean | undefined;
}

/** `unknown` stands for malformed, revoked and never given out alike; `over` for an alert closed long ago. */
export type LoadedVisit = Visit | { readonly kind: 'over'; readonly language: Language } | { readonly kind: 'unknown' };

export interface VisitDeps {
  readonly db: Db;
  readonly clock: Clock;
}

/** Finds out what is behind a link, and changes nothing: carriers and chat apps open links too. */
export async function loadVisit(
  { db, clock }: VisitDeps,
  token: string,
  chosenLanguage: Language | undefined,
): Promise<LoadedVisit> {
  if (!TOKEN.test(token)) return { kind: 'unknown' };
  const alert = await alertBehindLink(db, hashToken(token));
  if (!alert) return { kind: 'unknown' };

  const at = clock.now();
  const language = chosenLanguage ?? alert.language;
  if (linksAreOver(alert.closedAt, at)) return { kind: 'over', language };

  const people = await peopleInvolved(db, alert.alertId);
  const self = people.find(({ personId }) => personId === alert.personId);
  if (!self) return { kind: 'unknown' };
  const others = people.filter(({ personId }) => personId !== alert.personId);
  const water = alert.state === 'closed' ? undefined : await waterOf(db, alert, at);
  const hasDailyWord = alert.role === 'guardian' ? await wantsDailyWord(db, alert) : undefined;
  return { kind: 'standing', token, language, at, alert, self, others, water, hasDailyWord };
}

function waterOf(db: Db, { householdId, timeZone }: LinkedAlert, at: Date): Promise<RecentWater | undefined> {
  const today = localDateOf(at, timeZone);
  return daysOfWater(db, householdId, firstDayLookedAt(today)).then((days) => recentWater(days, today));
}

/** Whose answer closed the alert; undefined when late readings did. */
export function closerOf({ alert, self, others }: Visit): InvolvedPerson | undefined {
  return alert.closeOutcome === undefined ? undefined : [self, ...others].find(({ closedIt }) => closedIt);
}
