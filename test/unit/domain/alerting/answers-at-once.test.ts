import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Alert, openAlert, transition } from '../../../../src/domain/alerting/alert.ts';
import { DEFAULT_ESCALATION_POLICY } from '../../../../src/domain/alerting/escalation-policy.ts';
import { type Outcome, OUTCOMES, settles } from '../../../../src/domain/alerting/outcome.ts';

const AT = new Date('2026-03-02T00:00:00Z');
const RUNS = 1_000;

/** The alert's row, and what was answered. Reading and writing are steps that others may come between. */
interface Store {
  alert: Alert;
  readonly kept: Outcome[];
  /** Resolves when nobody else holds the row, and gives back what lets go of it. */
  readonly lock: () => Promise<() => void>;
}

function storeOf(alert: Alert, isLocking: boolean): Store {
  let queue = Promise.resolve();
  const lock = () => {
    let letGo: () => void = () => undefined;
    const mine = queue;
    queue = new Promise((resolve) => {
      letGo = resolve;
    });
    return (isLocking ? mine : Promise.resolve()).then(() => letGo);
  };
  return { alert, kept: [], lock };
}

/** One transaction as the verbs run it: lock, look, decide, write. Undefined when the alert refuses. */
async function run(
  scheduler: fc.Scheduler,
  store: Store,
  decide: (alert: Alert) => Alert | undefined,
  outcome: Outcome,
) {
  const letGo = await store.lock();
  try {
    const before = await scheduler.schedule(Promise.resolve(store.alert), 'look');
    const next = decide(before);
    if (!next) return undefined;
    await scheduler.schedule(Promise.resolve(), 'write');
    store.alert = next;
    store.kept.push(outcome);
    return next;
  } finally {
    letGo();
  }
}

/** What the page does with an answer: records it; or, when the alert is over by then, opens it again or keeps it beside. */
async function answer(scheduler: fc.Scheduler, store: Store, outcome: Outcome): Promise<void> {
  const event = { type: 'verified', outcome, cause: undefined, mayEndEmergency: false } as const;
  const verify = () => run(scheduler, store, (alert) => transition(alert, event, AT), outcome);
  const reopen = () =>
    run(scheduler, store, (alert) => transition(alert, { type: 'reopened', needsHelp: true }, AT), outcome);
  const keepBeside = () => run(scheduler, store, (alert) => alert, outcome);

  if (await verify()) return;
  if (outcome !== 'needs_help') await keepBeside();
  else if (!(await reopen())) await verify();
}

async function answeredAtOnce(
  scheduler: fc.Scheduler,
  outcomes: readonly Outcome[],
  isLocking: boolean,
): Promise<Store> {
  const store = storeOf(openAlert(DEFAULT_ESCALATION_POLICY, 'urgent', AT), isLocking);
  await scheduler.waitFor(Promise.all(outcomes.map((outcome) => answer(scheduler, store, outcome))));
  return store;
}

/** Every answer is kept, and the gravest stands: help before an end, an end before nobody reached. */
function isRight({ alert, kept }: Store, outcomes: readonly Outcome[]): boolean {
  if (kept.toSorted().join() !== outcomes.toSorted().join()) return false;
  if (outcomes.includes('needs_help')) return alert.state === 'open' && alert.severity === 'emergency';
  const ends = outcomes.filter(settles);
  if (ends.length === 0) return alert.state === 'open' && alert.nextStepAt?.getTime() === AT.getTime();
  return alert.state === 'closed' && ends.some((outcome) => outcome === alert.closeOutcome);
}

const people = fc.array(fc.constantFrom(...OUTCOMES), { minLength: 2, maxLength: 3 });

it('leaves the gravest standing and keeps all of them, however answers given at once interleave', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), people, async (scheduler, outcomes) => {
      expect(isRight(await answeredAtOnce(scheduler, outcomes, true), outcomes)).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

it('would lose a call for help if the alert were not locked: the interleavings are real ones', async () => {
  const found = await fc.check(
    fc.asyncProperty(fc.scheduler(), people, async (scheduler, outcomes) =>
      isRight(await answeredAtOnce(scheduler, outcomes, false), outcomes),
    ),
    { numRuns: RUNS },
  );
  expect(found.failed).toBe(true);
});
