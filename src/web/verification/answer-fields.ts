import { lastDaysAt } from '../../domain/alerting/absence-dates.ts';
import { CAUSES, METHODS, type Outcome, PLACES } from '../../domain/alerting/outcome.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import type { FormErrors, RefusedForm, SentForm } from './answer-form.ts';
import type { Visit } from './load-visit.ts';
import type { ChoiceText, PageTexts } from './page-texts.ts';

type Field = keyof SentForm;

/** Where the summary of errors leads: the field itself, or the first of its choices. */
function firstInputOf(field: Field, outcomes: readonly Outcome[]): string {
  if (field === 'outcome') return `outcome-${outcomes[0] ?? ''}`;
  return field === 'method' ? `method-${METHODS[0]}` : field;
}

/** What is wrong, above everything else and read out at once, each with the way to its field. */
export function errorSummary(errors: FormErrors, outcomes: readonly Outcome[], visit: Visit, texts: PageTexts): Html {
  const fields = Object.keys(errors) as Field[];
  const items = fields.map(
    (field) =>
      html`<li><a href="#${firstInputOf(field, outcomes)}">${messageFor(field, errors, visit, texts)}</a></li>`,
  );
  return html`<div class="errors" role="alert">
    <h2>${texts.form.notSent}</h2>
    <ul>
      ${items}
    </ul>
  </div>`;
}

export interface AnswerFieldsInput extends RefusedForm {
  readonly visit: Visit;
  readonly texts: PageTexts;
  /** What may be chosen. */
  readonly outcomes: readonly Outcome[];
  /** Whether people are asked where they were. */
  readonly asksPlace: boolean;
}

/** The fields of the answer. No outcome is ever chosen beforehand, only the one that somebody had chosen is kept. */
export function answerFields({ form, errors, visit, texts, outcomes: offered, asksPlace }: AnswerFieldsInput): Html {
  const errorOf = (field: Field) => fieldError(field, errors, visit, texts);
  const outcomes = offered.map(
    (outcome) =>
      html`${choice({
        name: 'outcome',
        value: outcome,
        chosen: form.outcome,
        ...wordsFor(outcome, visit, texts),
      })}
      ${outcome === 'false_alarm' && detail(outcome, causeField(form, errors, errorOf('cause'), texts))}
      ${outcome === 'away' && detail(outcome, lastDayField(form, errors, errorOf('away_until'), visit, texts))}`,
  );
  const methods = METHODS.map((method) =>
    choice({ name: 'method', value: method, chosen: form.method, label: texts.form.methods[method] }),
  );
  return html`${group('outcome', texts.form.outcome, errorOf('outcome'), outcomes)}
  ${group('method', texts.form.method, errorOf('method'), methods)}
  ${timeField(form, errors, errorOf('checked_at'), texts)} ${asksPlace && placeField(form, texts)}
  ${noteField(form, errors, errorOf('note'), texts)}`;
}

/** Family mostly telephones: what is safe is called otherwise for them. */
function wordsFor(outcome: Outcome, { alert }: Visit, { form }: PageTexts): ChoiceText {
  return (alert.role === 'guardian' && form.guardianOutcomes[outcome]) || form.outcomes[outcome];
}

function group(name: 'outcome' | 'method', legend: string, error: Html | undefined, choices: HtmlPart): Html {
  return html`<fieldset${describedBy(name, error)}><legend>${legend}</legend>${error}
${choices}</fieldset>`;
}

interface Choice {
  readonly name: 'outcome' | 'method';
  readonly value: string;
  readonly chosen: string | undefined;
  readonly label: string;
  readonly hint?: string;
}

function choice({ name, value, chosen, label, hint }: Choice): Html {
  const checked = value === chosen && html` checked`;
  return html`<label class="choice"
    ><input type="radio" name="${name}" id="${name}-${value}" value="${value}" ${checked} />
    <span><b>${label}</b>${hint !== undefined && html`<small>${hint}</small>`}</span></label
  >`;
}

/** A field that belongs to one outcome: folded away until that is chosen. */
function detail(outcome: Outcome, field: Html): Html {
  return html`<div class="detail for-${outcome}">${field}</div>`;
}

function causeField(form: SentForm, errors: FormErrors, error: Html | undefined, { form: words }: PageTexts): Html {
  const options = CAUSES.map((cause) => {
    const selected = cause === form.cause && html` selected`;
    return html`<option value="${cause}" ${selected}>${words.causes[cause]}</option>`;
  });
  return html`<label class="name" for="cause">${words.cause}</label>${error}
    <select name="cause" id="cause" ${marks('cause', errors, error)}>
      <option value="">${words.chooseCause}</option>
      ${options}
    </select>`;
}

function lastDayField(
  form: SentForm,
  errors: FormErrors,
  error: Html | undefined,
  { at, alert }: Visit,
  { form: words }: PageTexts,
): Html {
  const { earliest, latest } = lastDaysAt(at, alert.timeZone);
  return html`<label class="name" for="away_until">${words.awayUntil}</label>${error}
    <input
      type="date"
      name="away_until"
      id="away_until"
      min="${earliest}"
      max="${latest}"
      value="${form.away_until}"
      ${marks('away_until', errors, error)}
    />`;
}

function timeField(form: SentForm, errors: FormErrors, error: Html | undefined, { form: words }: PageTexts): Html {
  return html`<div class="field">
    <label class="name" for="checked_at">${words.checkedAt}</label>
    <span class="soft" id="checked_at-hint">${words.checkedAtHint}</span>${error}
    <input
      type="time"
      name="checked_at"
      id="checked_at"
      value="${form.checked_at}"
      aria-describedby="checked_at-hint${error && ' checked_at-error'}"
      ${errors.checked_at && html` aria-invalid="true"`}
    />
  </div>`;
}

/** Where somebody was. It is their word: a position would need a program on the page. */
function placeField(form: SentForm, { form: words }: PageTexts): Html {
  const options = PLACES.map((place) => {
    const selected = place === form.place && html` selected`;
    return html`<option value="${place}" ${selected}>${words.places[place]}</option>`;
  });
  return html`<div class="field">
    <label class="name" for="place">${words.place}</label>
    <select name="place" id="place">
      <option value="">${words.noPlace}</option>
      ${options}
    </select>
  </div>`;
}

function noteField(form: SentForm, errors: FormErrors, error: Html | undefined, { form: words }: PageTexts): Html {
  return html`<div class="note">
    <label class="name" for="note">${words.note}</label>
    <span class="soft" id="note-hint">${words.noteHint}</span>${error}
    <textarea
      name="note"
      id="note"
      rows="3"
      aria-describedby="note-hint${error && ' note-error'}"
      ${errors.note && html` aria-invalid="true"`}
    >
${form.note}</textarea>
  </div>`;
}

function fieldError(field: Field, errors: FormErrors, visit: Visit, texts: PageTexts): Html | undefined {
  if (!errors[field]) return undefined;
  return html`<p class="error" id="${field}-error">${messageFor(field, errors, visit, texts)}</p>`;
}

function messageFor(field: Field, errors: FormErrors, { at, alert }: Visit, { form }: PageTexts): string {
  const error = errors[field];
  const { earliest, latest } = lastDaysAt(at, alert.timeZone);
  return error ? form.errors[error](earliest, latest) : '';
}

function describedBy(field: Field, error: Html | undefined): Html | undefined {
  return error && html` aria-describedby="${field}-error"`;
}

function marks(field: Field, errors: FormErrors, error: Html | undefined): HtmlPart {
  return errors[field] && html`${describedBy(field, error)} aria-invalid="true"`;
}
