import type { Role } from '../../src/domain/alerting/escalation-policy.ts';
import type { Method, Outcome } from '../../src/domain/alerting/outcome.ts';
import type { StreamName } from '../random.ts';
import type { HomeCheck } from '../town/home-check.ts';
import { ANSWERING_HABITS, type AnsweringHabits, planAnswer } from './answering-habits.ts';
import { enterCode, openCheckPage, sendAnswer, sendClaim } from './check-page.ts';
import { readInbox, type Text } from './inbox.ts';
import { checkCodeIn, checkLinkIn, homeCodeIn } from './read-text.ts';

/** An answer that the service has taken. */
export interface Answered {
  readonly phone: string;
  readonly homeCode: string;
  readonly method: Method;
  readonly outcome: Outcome;
  /** The simulated time at which it was sent: that of the `tick`, no earlier than the person meant to. */
  readonly at: Date;
}

export interface PhonesOptions {
  /** Where the service is. Links that lead anywhere else are never opened. */
  readonly baseUrl: string;
  readonly seed: StreamName;
  /** In which capacity the owner of a phone is texted; texts to a phone of no role are not answered. */
  readonly roleOf: (phone: string) => Role | undefined;
  /** What somebody finds who checks on a home. */
  readonly checkHome: (homeCode: string, method: Method, at: Date) => HomeCheck;
  readonly onAnswered?: (answered: Answered) => void;
  /** Habits other than the usual, by role. */
  readonly habits?: Partial<Readonly<Record<Role, AnsweringHabits>>>;
}

/** All phones of a town, with people who read their texts. */
export interface Phones {
  /**
   * Reads the new texts, then does whatever people are due to do by `now`, a time of the simulated clock, in order.
   * Throws when the service cannot be reached or fails; the next call goes on with the same answer.
   */
  readonly tick: (now: Date) => Promise<void>;
  /** When somebody will next claim or answer; undefined when nobody is about to. */
  readonly nextActionAt: () => Date | undefined;
}

interface Intention {
  readonly at: Date;
  readonly n: number;
  readonly act: (now: Date) => Promise<void>;
}

/** Gives every phone of the town an owner. The same seed, texts and ticks give the same answers. */
export function createPhones(options: PhonesOptions): Phones {
  let intentions: Intention[] = [];
  let readUpTo = 0;
  const textsBy = new Map<string, number>();

  const take = (text: Text) => {
    const place = (textsBy.get(text.to) ?? 0) + 1;
    textsBy.set(text.to, place);
    intentions.push(...intentionsFor(options, text, place));
    readUpTo = text.n;
  };
  return {
    tick: async (now) => {
      (await readInbox(options.baseUrl, readUpTo)).forEach(take);
      intentions = intentions.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.n - b.n);
      for (let next = intentions[0]; next && next.at <= now; next = intentions[0]) {
        await next.act(now);
        intentions.shift();
      }
    },
    nextActionAt: () => intentions.map(({ at }) => at).toSorted((a, b) => a.getTime() - b.getTime())[0],
  };
}

/** What the owner of the phone means to do about a text; `place` counts the texts on that phone. */
function intentionsFor(options: PhonesOptions, text: Text, place: number): Intention[] {
  const wayIn = wayInto(text, options.baseUrl);
  const homeCode = homeCodeIn(text.body);
  const role = options.roleOf(text.to);
  if (!wayIn || !homeCode || !role) return [];

  const habits = options.habits?.[role] ?? ANSWERING_HABITS[role];
  const plan = planAnswer(habits, text.at, [options.seed, 'answers', text.to, place]);
  if (!plan) return [];
  const { claimAt, answerAt, method } = plan;
  const answer = (now: Date) => answerText(options, text.to, wayIn, homeCode, method, now);
  const claim = claimAt && { at: claimAt, n: text.n, act: () => claimHome(wayIn) };
  return [...(claim ? [claim] : []), { at: answerAt, n: text.n, act: answer }];
}

/** How the owner of the phone comes to the page: by the link, or by typing the code. Yields its address. */
type WayIn = () => Promise<string | undefined>;

function wayInto({ body, to }: Text, baseUrl: string): WayIn | undefined {
  const link = checkLinkIn(body, baseUrl);
  if (link) return () => Promise.resolve(link);
  const code = checkCodeIn(body, baseUrl);
  return code === undefined ? undefined : () => enterCode(baseUrl, code, to);
}

async function claimHome(wayIn: WayIn): Promise<void> {
  const link = await wayIn();
  const page = link && (await openCheckPage(link));
  if (page && page.asksForOutcome) await sendClaim(link, page);
}

async function answerText(
  { checkHome, onAnswered }: PhonesOptions,
  phone: string,
  wayIn: WayIn,
  homeCode: string,
  method: Method,
  at: Date,
): Promise<void> {
  const link = await wayIn();
  const page = link && (await openCheckPage(link));
  if (!page || !page.asksForOutcome) return;

  const check = checkHome(homeCode, method, at);
  if (await sendAnswer(link, page, check, method)) {
    onAnswered?.({ phone, homeCode, method, outcome: check.outcome, at });
  }
}
