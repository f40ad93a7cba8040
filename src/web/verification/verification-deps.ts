import type { Opening } from '../../alerts/note-opening.ts';
import type { Claim } from '../../alerts/claim-alert.ts';
import type { Answer } from '../../alerts/record-verification.ts';
import type { Contradiction } from '../../alerts/reopen-alert.ts';
import type { DailyWordStop } from '../../alerts/stop-daily-word.ts';
import type { Logger } from '../../core/logger.ts';
import type { CheckNote } from '../../db/check-notes.ts';
import type { CheckPhoto, PhotoSender } from '../../db/check-photos.ts';
import type { HomeAndPerson } from '../../db/daily-words.ts';
import type { Page } from '../page.ts';
import type { VisitDeps } from './load-visit.ts';

/** The verbs that the forms behind the links call. */
export interface VerificationVerbs {
  /** "I am on my way". Throws AppError `alert_transition_refused` when the alert takes no claim. */
  readonly claim: (claim: Claim) => Promise<void>;
  /** Records an answer. Throws AppError `alert_transition_refused` when the alert is closed. */
  readonly verify: (answer: Answer) => Promise<void>;
  /** Takes somebody's own answer back for another. Throws AppError `alert_transition_refused` when it is too late. */
  readonly correct: (answer: Answer) => Promise<void>;
  /** Opens a closed alert again. Yields the alert that goes on. Throws AppError `alert_transition_refused` if it is open. */
  readonly reopen: (answer: Contradiction) => Promise<{ alertId: number }>;
  /** Keeps an answer that came when the alert was over. */
  readonly keepLate: (answer: Answer) => Promise<void>;
  readonly addNote: (note: CheckNote) => Promise<void>;
  /** Writes down that a page was opened for the first time. */
  readonly noteOpening: (opening: Opening) => Promise<void>;
  /** Keeps a photo that came with an answer, if that person has not sent too many. */
  readonly keepPhoto: (sender: PhotoSender, photo: CheckPhoto) => Promise<'kept' | 'too_many'>;
  /** A guardian wants to be told once a day that water was used. */
  readonly startDaily: (of: HomeAndPerson) => Promise<void>;
  readonly stopDaily: (stop: DailyWordStop) => Promise<unknown>;
  /** Whether one more form is taken from this link. */
  readonly admit: (tokenHash: Buffer) => Promise<boolean>;
}

/** What the pages behind the links need. */
export interface VerificationDeps extends VisitDeps, VerificationVerbs {
  /** As the operator wrote them, separated by spaces: `120 110 119`. */
  readonly emergencyNumbers: string;
  /** Whether people are asked where they were. */
  readonly asksPlace: boolean;
  /** Whether an answer may bring a photo, and photos are shown. */
  readonly takesPhotos: boolean;
  readonly log: Logger;
}

/** What a request is answered with: a page, or the way to another one. */
export type PageAnswer =
  | {
      readonly status: number;
      readonly page: Page;
      /** Whether what was sent has been recorded; the way to another page always means that it has. */
      readonly isRecorded?: boolean;
    }
  | { readonly seeOther: string };
