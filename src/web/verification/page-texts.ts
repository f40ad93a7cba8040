import type { CloseOutcome } from '../../domain/alerting/alert.ts';
import type { PhotoProblem } from '../../domain/alerting/check-photo.ts';
import type { Role } from '../../domain/alerting/escalation-policy.ts';
import type { Cause, Method, Outcome, Place } from '../../domain/alerting/outcome.ts';
import type { FormError } from './answer-form.ts';

/** A choice on the form: its name, and a line that tells it from the others. */
export interface ChoiceText {
  readonly label: string;
  readonly hint: string;
}

/** What a page says that only tells something. */
export interface NoticeText {
  readonly heading: string;
  readonly text: string;
}

/** Every word of the pages in one language. Names come in masked, times as wall-clock texts, dates as `2026-03-02`. */
export interface PageTexts {
  readonly brand: string;
  /** The other language, in its own words. */
  readonly otherLanguage: string;
  /** Stands for the resident where the roster has no name. */
  readonly noName: string;
  readonly code: (code: string) => string;
  readonly unusualWater: string;
  readonly emergencyCall: string;
  readonly ask: Readonly<Record<Role, { readonly heading: (who: string) => string; readonly request: string }>>;
  /** Instead of a role's own request, once somebody has reported that help is needed. */
  readonly emergencyRequest: string;
  readonly facts: { readonly opened: string; readonly reason: string };
  /** Around the drawing of the last days' water, in litres. */
  readonly water: {
    readonly heading: string;
    readonly today: string;
    readonly day: (label: string, litres: number) => string;
    readonly unknownDay: (label: string) => string;
    readonly unit: string;
    readonly usual: (litres: number) => string;
    readonly questionMark: string;
  };
  readonly recovered: (time: string) => string;
  readonly reported: (who: string, time: string) => string;
  readonly someoneOnTheWay: (who: string, time: string) => string;
  readonly people: {
    readonly heading: string;
    readonly nobody: string;
    readonly roles: Readonly<Record<Role, string>>;
    readonly who: (role: string, maskedName: string) => string;
    readonly asked: (time: string) => string;
    readonly notReached: string;
    readonly onTheWay: (time: string) => string;
    readonly answered: (outcome: string, time: string) => string;
  };
  readonly claim: {
    readonly choice: string;
    readonly button: string;
    readonly missing: string;
    readonly hint: string;
    readonly done: (since: string, until: string) => string;
  };
  readonly form: {
    readonly outcome: string;
    readonly outcomes: Readonly<Record<Outcome, ChoiceText>>;
    /** What a guardian chooses from is called otherwise where they mostly telephone. */
    readonly guardianOutcomes: Readonly<Partial<Record<Outcome, ChoiceText>>>;
    readonly method: string;
    readonly methods: Readonly<Record<Method, string>>;
    readonly cause: string;
    readonly chooseCause: string;
    readonly causes: Readonly<Record<Cause, string>>;
    readonly awayUntil: string;
    readonly checkedAt: string;
    readonly checkedAtHint: string;
    readonly place: string;
    readonly noPlace: string;
    readonly places: Readonly<Record<Place, string>>;
    readonly note: string;
    readonly noteHint: string;
    readonly submit: string;
    readonly notSent: string;
    readonly errors: Readonly<Record<FormError, (earliest: string, latest: string) => string>>;
  };
  readonly photo: {
    readonly label: string;
    readonly hint: string;
    readonly heading: string;
    readonly yours: string;
    readonly caption: (who: string, time: string) => string;
    /** The answer is recorded, and the photo is not kept. */
    readonly problems: Readonly<Record<PhotoProblem, string>>;
    /** The form came back. */
    readonly chooseAgain: string;
    /** The answer was not taken, and the photo with it. */
    readonly notTaken: string;
  };
  readonly result: {
    readonly thanks: NoticeText;
    readonly helpReported: NoticeText;
    readonly nextAsked: NoticeText;
    readonly emergencyStands: NoticeText;
    readonly yourAnswer: (outcome: string, method: string, time: string) => string;
    readonly again: string;
  };
  readonly correct: {
    readonly link: string;
    readonly heading: string;
    readonly intro: (outcome: string, time: string, until: string) => string;
    readonly tooLate: string;
  };
  readonly contradict: {
    readonly link: string;
    readonly heading: string;
    readonly intro: string;
    readonly elsewhere: string;
  };
  readonly notes: {
    readonly link: string;
    readonly heading: string;
    readonly intro: string;
    readonly missing: string;
    readonly submit: string;
    readonly kept: (time: string) => string;
    readonly back: string;
  };
  /** The daily word that water was used. */
  readonly daily: {
    readonly heading: string;
    readonly choice: string;
    readonly hint: string;
    readonly save: string;
    readonly missing: string;
    readonly on: string;
    readonly stop: string;
  };
  readonly tooManyForms: NoticeText;
  readonly closed: {
    readonly heading: string;
    readonly by: (who: string, time: string) => string;
    readonly byYou: (time: string) => string;
    readonly byReadings: (time: string) => string;
    readonly byWater: (time: string) => string;
    readonly found: string;
    readonly outcomes: Readonly<Record<CloseOutcome, string>>;
    readonly tooLate: string;
    readonly notTaken: string;
  };
  readonly over: NoticeText;
}
