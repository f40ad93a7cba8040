import { html, type Html } from '../html.ts';
import { tickForm } from '../tick-form.ts';
import type { Visit } from './load-visit.ts';
import { clockText, whoIs } from './page-parts.ts';
import type { PageTexts } from './page-texts.ts';
import { visitPath } from './visit-path.ts';

/** What happened since the alert was opened: somebody needs help, is on the way, or the water is as it should be. */
export function newsSince(visit: Visit, texts: PageTexts): Html[] {
  const { alert, self, others } = visit;
  const grave = [self, ...others].flatMap((person) =>
    alert.severity === 'emergency' && person.outcome === 'needs_help' && person.answeredAt
      ? [texts.reported(whoIs(person, texts), clockText(person.answeredAt, visit))]
      : [],
  );
  const good = others.flatMap((person) =>
    person.claimedAt ? [texts.someoneOnTheWay(whoIs(person, texts), clockText(person.claimedAt, visit))] : [],
  );
  const water = alert.recoveredAt ? [texts.recovered(clockText(alert.recoveredAt, visit))] : [];
  return [
    ...grave.map((news) => html`<div class="panel grave"><p>${news}</p></div>`),
    ...[...good, ...water].map((news) => html`<div class="panel"><p>${news}</p></div>`),
  ];
}

/** "I am on my way": a form of its own, because it is no answer. An emergency waits for nobody's being on the way. */
export function claimPart(visit: Visit, { claim }: PageTexts, isRefused: boolean): Html | undefined {
  const { alert, self } = visit;
  if (alert.severity === 'emergency') return undefined;
  if (self.claimedAt && alert.nextStepAt) {
    const done = claim.done(clockText(self.claimedAt, visit), clockText(alert.nextStepAt, visit));
    return html`<div class="panel good"><p>${done}</p></div>`;
  }
  return tickForm({
    action: visitPath(visit, '/claim', visit.language),
    name: 'on_my_way',
    value: 'yes',
    label: claim.choice,
    hint: claim.hint,
    button: claim.button,
    error: isRefused ? claim.missing : undefined,
  });
}
