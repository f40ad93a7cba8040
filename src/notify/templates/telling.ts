import type { NoticeFigures } from '../../db/owed-texts.ts';
import type { NOTICE_INTENTS } from '../../db/outbox.ts';

/** What a text about something that is no alert is made of. */
export interface Telling {
  readonly intent: (typeof NOTICE_INTENTS)[number];
  /** Masked name and household code, as `homeLabel` writes them; of no meaning for an area. */
  readonly home: string;
  /** How the area is called. */
  readonly area: string;
  readonly cause: NonNullable<NoticeFigures['cause']>;
  readonly affected: number;
  readonly homes: number;
  /** Until when alerts wait, as a wall clock shows it. */
  readonly until: string;
  /** For how long the home could not be watched. */
  readonly hours: number;
  /** From when until when water was used, as the clocks at home show it; the first is undefined where they are close together. */
  readonly used: { readonly from: string | undefined; readonly by: string };
  /** The code of the first home that will have nobody to ask; undefined where none will. */
  readonly firstHome: string | undefined;
  /** How many slots of the rota nobody fills. */
  readonly slots: number;
  /** When the first of them begins, as a wall clock shows it. */
  readonly slotFrom: string;
  /** The gateway that refuses our account, and what it finds wrong with it. */
  readonly gateway: string;
  readonly refusal: NonNullable<NoticeFigures['refusal']>;
  /** Open tickets, those of them that are new, and how many are for tampering; homes whose habits change. */
  readonly tickets: Readonly<Record<'open' | 'fresh' | 'tampered' | 'drifts', number>>;
  /** Where a daily word is stopped; undefined where the route carries no links: by a word texted back. */
  readonly stopUrl: string | undefined;
}
