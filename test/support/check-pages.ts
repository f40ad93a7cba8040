import { claimAlert } from '../../src/alerts/claim-alert.ts';
import { raiseAlert } from '../../src/alerts/raise-alert.ts';
import { recordVerification, type Answer } from '../../src/alerts/record-verification.ts';
import { redeemCheckCode } from '../../src/alerts/redeem-check-code.ts';
import { startDailyWord } from '../../src/alerts/start-daily-word.ts';
import { type CheckCodeKind, hashCheckCode, mintCheckCode } from '../../src/core/check-code.ts';
import { handTurnedClock, type HandTurnedClock } from '../../src/core/clock.ts';
import { createLogger, type Logger } from '../../src/core/logger.ts';
import { hashToken, mintToken } from '../../src/core/link-token.ts';
import { Secret } from '../../src/core/secret.ts';
import { insertCheckCode } from '../../src/db/check-codes.ts';
import type { HomeAndPerson } from '../../src/db/daily-words.ts';
import type { DbPool } from '../../src/db/sql.ts';
import { insertVerificationLinks } from '../../src/db/verification-links.ts';
import { DEFAULT_ESCALATION_POLICY, type Role } from '../../src/domain/alerting/escalation-policy.ts';
import type { Evidence } from '../../src/domain/alerting/finding.ts';
import { createApp } from '../../src/web/app.ts';
import { codePages } from '../../src/web/code/code-pages.ts';
import { verificationVerbs } from '../../src/main/web-pages.ts';
import { dailyPages } from '../../src/web/daily/daily-pages.ts';
import { homePage } from '../../src/web/home-page.ts';
import { verificationPages } from '../../src/web/verification/verification-pages.ts';
import { type Home, type HomePlan, townIn } from './town.ts';
import { keepFinding } from './keep-finding.ts';

/** Monday morning, eight o'clock in Shanghai. */
export const START = new Date('2026-03-02T00:00:00Z');

export const PEOPLE = {
  daughter: { role: 'guardian', name: '王芳' },
  neighbour: { role: 'contact', name: '李强' },
  nephew: { role: 'guardian', position: 2, language: 'en', name: 'Rosa Gruber' },
  desk: { role: 'desk', name: '赵敏' },
} as const satisfies HomePlan['people'];

const LOW_USE: Evidence = {
  detector: 'low-use',
  windowHours: 24,
  floorLitres: 6,
  litres: 0,
  lastUseAtMs: START.getTime() - 25 * 3_600_000,
  asOfMs: START.getTime() - 3_600_000,
};

/** An alert with a link for each of its people. */
export interface OpenCheck {
  readonly home: Home;
  readonly alertId: number;
  readonly tokens: Readonly<Record<string, string>>;
  /** Texts one of the people a code. */
  readonly codeFor: (name: string, kind?: CheckCodeKind) => Promise<string>;
  /** Says something as one of the people, past the page. */
  readonly answer: (name: string, outcome: Answer['outcome'], more?: Partial<Answer>) => Promise<void>;
  readonly claim: (name: string) => Promise<void>;
  /** Has one of the guardians ask for the daily word, and texts them the token of the page that stops it. */
  readonly dailyWordOf: (name: string) => Promise<string>;
}

export interface CheckPages {
  readonly clock: HandTurnedClock;
  /** A home whose water stands still, with an alert on it and its texts sent. */
  readonly openCheck: (plan?: Partial<HomePlan>, evidence?: Evidence) => Promise<OpenCheck>;
  /** The server with the real verbs behind its pages. */
  readonly app: (settings?: {
    readonly asksPlace?: boolean;
    readonly takesPhotos?: boolean;
  }) => ReturnType<typeof createApp>;
}

export const CODE_KEY = new Secret('the key of the codes that the tests give out');

let homes = 0;

/** The pages behind the links, on a real database and a hand-turned clock. */
export function checkPages(pool: DbPool, log: Logger = createLogger('error')): CheckPages {
  const clock = handTurnedClock(START);
  const deps = { pool, clock, log };
  const town = townIn(() => pool);

  async function openCheck(plan: Partial<HomePlan> = {}, evidence = LOW_USE): Promise<OpenCheck> {
    homes += 1;
    const people: NonNullable<HomePlan['people']> = plan.people ?? PEOPLE;
    const home = await town.home({ code: `SW-${1_000 + homes}`, monitoredFrom: START, ...plan, people });
    const { detector } = evidence;
    const episode = { beganAtMs: START.getTime(), endedAtMs: undefined, evidence };
    const finding = { householdId: home.id, detector, detectorVersion: 1, episode };
    const findingId = await keepFinding(pool, finding, clock.now());
    const policy = DEFAULT_ESCALATION_POLICY;
    const { alertId } = await raiseAlert(deps, {
      findingId,
      householdId: home.id,
      detectorVersion: 1,
      evidence,
      policy,
    });
    await pool.query(`update outbox set state = 'sent' where alert_id = $1`, [alertId]);

    const idOf = (name: string) => home.people[name]!.id;
    const tokens: Record<string, string> = {};
    for (const [name, { role }] of Object.entries(people)) {
      tokens[name] = await linkFor(alertId, idOf(name), role);
    }
    return {
      home,
      alertId,
      tokens,
      codeFor: async (name, kind = 'letters') => {
        const code = mintCheckCode(kind);
        const codeHash = hashCheckCode(CODE_KEY, code);
        const { role } = people[name]!;
        await insertCheckCode(pool, { alertId, personId: idOf(name), role, kind, codeHash }, clock.now());
        return code;
      },
      answer: (name, outcome, more = {}) =>
        recordVerification(deps, { alertId, personId: idOf(name), outcome, method: 'in_person', note: '', ...more }),
      claim: (name) => claimAlert(deps, { alertId, personId: idOf(name) }),
      dailyWordOf: (name) => dailyLinkFor({ householdId: home.id, personId: idOf(name) }),
    };
  }

  async function linkFor(alertId: number, personId: number, role: Role): Promise<string> {
    const token = mintToken();
    await insertVerificationLinks(pool, [{ alertId, personId, role, tokenHash: hashToken(token) }], clock.now());
    return token;
  }

  async function dailyLinkFor({ householdId, personId }: HomeAndPerson): Promise<string> {
    const token = mintToken();
    await startDailyWord(deps, { householdId, personId });
    await pool.query(
      `insert into daily_word_link (token_hash, daily_word_id, created_at)
       select $1, id, $2 from daily_word where household_id = $3 and person_id = $4`,
      [hashToken(token), clock.now(), householdId, personId],
    );
    return token;
  }

  return {
    clock,
    openCheck,
    app: ({ asksPlace = true, takesPhotos = false } = {}) =>
      createApp({
        log,
        parts: async (app) => {
          await app.register(homePage);
          await app.register(codePages, {
            redeem: (entered) => redeemCheckCode({ ...deps, codeKey: CODE_KEY }, entered),
            emergencyNumbers: '120 110 119',
          });
          const { stopDaily: stop, admit } = verificationVerbs(deps);
          await app.register(dailyPages, { db: pool, stop, admit });
          await app.register(verificationPages, {
            ...verificationVerbs(deps),
            db: pool,
            clock,
            emergencyNumbers: '120 110 119',
            asksPlace,
            takesPhotos,
            log,
          });
        },
      }),
  };
}
