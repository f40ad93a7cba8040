import fc from 'fast-check';
import { expect, it } from 'vitest';
import { claimAlert } from '../../../src/alerts/claim-alert.ts';
import { noteRecovery } from '../../../src/alerts/note-recovery.ts';
import { recordVerification } from '../../../src/alerts/record-verification.ts';
import { reopenAlert } from '../../../src/alerts/reopen-alert.ts';
import { snoozeAlert } from '../../../src/alerts/snooze-alert.ts';
import { withdrawAlert } from '../../../src/alerts/withdraw-alert.ts';
import { AppError } from '../../../src/core/errors.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { mayEndEmergency } from '../../../src/db/verifications.ts';
import { type Alert, type AlertEvent, transition } from '../../../src/domain/alerting/alert.ts';
import { CORRECTABLE_FOR_MINUTES } from '../../../src/domain/alerting/answers.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../../src/domain/alerting/escalation-policy.ts';
import { OUTCOMES } from '../../../src/domain/alerting/outcome.ts';
import { MINUTE_MS } from '../../../src/domain/time.ts';
import { logSmsGateway } from '../../../src/notify/channels/log-sms-gateway.ts';
import { dispatchOutbox } from '../../../src/notify/dispatch-outbox.ts';
import { alertStories, EVERYBODY, LOW_USE, minute } from '../../support/alert-stories.ts';
import { useDatabase } from '../../support/database.ts';
import { byForm } from '../../support/long-form.ts';

const RUNS = byForm({ long: 400, short: 8 });
const LONGEST = 25;
const TIME_MS = byForm({ long: 30 * MINUTE_MS, short: MINUTE_MS });

const database = useDatabase();
const log = createLogger('silent');
const PEOPLE = Object.keys(EVERYBODY);

const person = fc.constantFrom(...PEOPLE);
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('claim' as const), who: person }) },
  fc.record({ what: fc.constant('snooze' as const), who: person, minutes: fc.integer({ min: -5, max: 300 }) }),
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('answer' as const), who: person, outcome: fc.constantFrom(...OUTCOMES) }),
  },
  fc.record({ what: fc.constant('water' as const), runs: fc.boolean() }),
  fc.record({ what: fc.constant('withdraw' as const) }),
  fc.record({
    what: fc.constant('contradict' as const),
    who: person,
    outcome: fc.constantFrom('needs_help' as const, 'could_not_reach' as const),
  }),
);
type Happening = Exclude<typeof happening extends fc.Arbitrary<infer T> ? T : never, undefined>;

const policies = fc.record({
  confirmRecovery: fc.boolean(),
  acknowledgementsNeeded: fc.integer({ min: 1, max: 2 }),
  recoveryClosesAfterHours: fc.constant(1),
});

/** What chance found once: the same words again, but after somebody else has answered, are no second touch of a thumb. */
const SAME_WORDS = {
  policy: { confirmRecovery: false, acknowledgementsNeeded: 1, recoveryClosesAfterHours: 1 as const },
  happenings: [
    { what: 'answer', who: 'daughter', outcome: 'safe' },
    { what: 'contradict', who: 'neighbour', outcome: 'needs_help' },
    { what: 'answer', who: 'daughter', outcome: 'safe' },
  ] satisfies Happening[],
};

/** And this: who has ended an emergency takes it back, and help is needed before the next people are asked. */
const TAKEN_BACK = {
  policy: { confirmRecovery: false, acknowledgementsNeeded: 1, recoveryClosesAfterHours: 1 as const },
  happenings: [
    { what: 'answer', who: 'daughter', outcome: 'needs_help' },
    { what: 'wait', minutes: 15 },
    { what: 'answer', who: 'daughter', outcome: 'safe' },
    { what: 'contradict', who: 'daughter', outcome: 'could_not_reach' },
  ] satisfies Happening[],
};

it(
  'keeps in the database exactly what the rules say, and tells everybody who was texted once that it is over',
  async () => {
    await fc.assert(
      fc.asyncProperty(policies, fc.array(happening, { maxLength: LONGEST }), async (chosen, happenings) => {
        const told = await begin({ ...DEFAULT_ESCALATION_POLICY, ...chosen });
        for (const each of happenings) await told.happens(each);
        await told.ends();
      }),
      {
        numRuns: RUNS,
        examples: [
          [SAME_WORDS.policy, [...SAME_WORDS.happenings]],
          [TAKEN_BACK.policy, [...TAKEN_BACK.happenings]],
        ],
      },
    );
  },
  TIME_MS,
);

async function begin(policy: typeof DEFAULT_ESCALATION_POLICY) {
  const story = alertStories(database, log);
  const home = await story.home();
  const { alertId } = await story.raise(home, LOW_USE, policy);
  const gateway = logSmsGateway({ clock: story.clock, log });
  const send = () => dispatchOutbox({ ...story.deps(), gateway, publicBaseUrl: 'https://sw.example.org' });
  await send();
  const lines = async () => (await story.timelineOf(home)).length;
  let now = 0;
  let lastAnswer: { readonly who: number; readonly outcome: string; readonly at: number } | undefined;

  /** The last words once more, within minutes, by whoever has not set out since: a thumb that touched twice. */
  const isSecondTouch = (given: Happening, who: number, before: Alert) =>
    given.what === 'answer' &&
    before.state !== 'closed' &&
    lastAnswer?.who === who &&
    lastAnswer.outcome === given.outcome &&
    now - lastAnswer.at <= CORRECTABLE_FOR_MINUTES &&
    !before.acknowledgements.some(({ by }) => by === who) &&
    (given.outcome !== 'away' || lastAnswer.at === now);

  const tryVerb = (event: ToldEvent['type'], { who, happening: given }: { who: number; happening: Happening }) => {
    const at = { alertId, personId: who };
    const answered = 'outcome' in given ? given.outcome : 'safe';
    const awayUntil = answered === 'away' ? minute(now + 5_000) : undefined;
    const answer = { ...at, method: 'phone' as const, note: '', outcome: answered, awayUntil };
    switch (event) {
      case 'claimed':
        return claimAlert(story.deps(), at);
      case 'snoozed':
        return snoozeAlert(story.deps(), { ...at, until: minute(now + (given as { minutes: number }).minutes) });
      case 'verified':
        return recordVerification(story.deps(), answer);
      case 'reopened':
        return reopenAlert(story.deps(), { ...answer, outcome: answered as 'needs_help' });
      case 'withdrawn':
        return withdrawAlert(story.deps(), alertId);
      case 'recovered':
      case 'relapsed':
        return noteRecovery(story.deps(), { alertId, recovered: event === 'recovered' });
    }
  };

  return {
    async happens(given: Happening) {
      if (given.what === 'wait') {
        now += given.minutes;
        await story.at(now);
        await send();
        return;
      }
      const who = story.idOf(home, 'who' in given ? given.who : 'desk');
      const before = await story.alertOf(home);
      const settles = await mayEndEmergency(database.pool, alertId, who);
      const event = eventOf(given, { who, settles, now });
      const expected = isSecondTouch(given, who, before) ? undefined : transition(before, event, minute(now));
      const linesBefore = await lines();
      const outcome = await Promise.resolve(tryVerb(event.type, { who, happening: given })).catch(
        (error: unknown) => error,
      );

      if (expected) expect(rulesOf(await story.alertOf(home))).toEqual(rulesOf(expected));
      else expect([await story.alertOf(home), await lines()]).toEqual([before, linesBefore]);
      if (expected) expect(await lines()).toBeGreaterThan(linesBefore);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'alert_transition_refused' });
      expect(outcome instanceof Error && !(outcome instanceof AppError)).toBe(false);
      if (expected && 'outcome' in given) lastAnswer = { who, outcome: given.outcome, at: now };
      await send();
    },
    /** The desk ends what is still open; then everybody's last text is that it is over, and nobody was told so in vain. */
    async ends() {
      const last = await story.alertOf(home);
      if (last.state !== 'closed') {
        await story.answer(home, 'supervisor', 'needs_help');
        await send();
        await story.answer(home, 'supervisor', 'safe');
      }
      for (const later of [1, 60]) {
        await story.at(now + later);
        await send();
      }
      const { rows } = await database.pool.query<{ intents: string[] }>(
        `select array_agg(intent order by id) as intents from outbox where alert_id = $1 and state = 'sent'
         group by person_id`,
        [alertId],
      );
      for (const { intents } of rows) {
        expect(intents.at(-1)).toBe('stand_down');
        const inVain = intents.some(
          (intent, i) => intent === 'stand_down' && (i === 0 || intents[i - 1] === 'stand_down'),
        );
        expect(inVain, intents.join(' ')).toBe(false);
      }
      const { rows: pending } = await database.pool.query(
        `select 1 from outbox where alert_id = $1 and state in ('waiting', 'sending')`,
        [alertId],
      );
      expect(pending).toEqual([]);
    },
  };
}

/** The events that stem from what happens in a story; the others stem from time, or have tests of their own. */
type ToldEvent = Extract<
  AlertEvent,
  { type: 'claimed' | 'snoozed' | 'verified' | 'reopened' | 'withdrawn' | 'recovered' | 'relapsed' }
>;

function eventOf(given: Happening, { who, settles, now }: { who: number; settles: boolean; now: number }): ToldEvent {
  switch (given.what) {
    case 'claim':
      return { type: 'claimed', by: who };
    case 'snooze':
      return { type: 'snoozed', by: who, until: minute(now + given.minutes) };
    case 'answer':
      return { type: 'verified', outcome: given.outcome, cause: undefined, mayEndEmergency: settles };
    case 'water':
      return { type: given.runs ? 'recovered' : 'relapsed' };
    case 'withdraw':
      return { type: 'withdrawn' };
    case 'contradict':
      return { type: 'reopened', needsHelp: given.outcome === 'needs_help' };
    case 'wait':
      throw new Error('waiting is no event');
  }
}

/** The part that the rules decide on. */
function rulesOf(alert: Alert): Alert {
  const { state, severity, policy, step, nextStepAt, recoveredAt, acknowledgements, claimedBy, claimedAt } = alert;
  const { snoozedUntil, snoozedBy, reopenedAt, closedAt, closeOutcome, closeCause } = alert;
  const held = { acknowledgements, claimedBy, claimedAt, snoozedUntil, snoozedBy };
  return {
    state,
    severity,
    policy,
    step,
    nextStepAt,
    recoveredAt,
    ...held,
    reopenedAt,
    closedAt,
    closeOutcome,
    closeCause,
  };
}
