import type { Outcome } from '../../domain/alerting/outcome.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../page.ts';
import { answerFields, errorSummary } from './answer-fields.ts';
import { EMPTY_FORM, type RefusedForm } from './answer-form.ts';
import { framed, type PageInput } from './page-parts.ts';
import { photoField } from './photo/photo-field.ts';
import { textsFor } from './texts.ts';
import { visitPath } from './visit-path.ts';

export interface FormPageInput extends PageInput {
  /** The form that was refused, to be shown again with what is wrong beside each field. */
  readonly refused?: RefusedForm | undefined;
  /** "I am on my way" came without its tick. */
  readonly isClaimRefused?: boolean;
  /** The wish for the daily word came without its tick. */
  readonly isDailyRefused?: boolean;
}

/** Where the form of an answer is sent, and what may be chosen in it. */
export interface FormPlace {
  readonly part: '' | '/correct' | '/again';
  readonly outcomes: readonly Outcome[];
}

/** The form of an answer with its button. Nothing is chosen beforehand. */
export function answerForm(
  { visit, refused, asksPlace, takesPhotos }: FormPageInput,
  { part, outcomes }: FormPlace,
): Html {
  const texts = textsFor(visit.language);
  const { form, errors } = refused ?? { form: EMPTY_FORM, errors: {} };
  const encoding = takesPhotos && html` enctype="multipart/form-data"`;
  return html`<form method="post" action="${visitPath(visit, part, visit.language)}" ${encoding} novalidate>
    ${answerFields({ form, errors, visit, texts, outcomes, asksPlace })} ${takesPhotos && photoField(texts)}
    <button>${texts.form.submit}</button>
  </form>`;
}

/** A page with a form. What was wrong stands above everything else, and in the title, which is read out first. */
export function withErrors({ visit, refused }: FormPageInput, place: FormPlace, title: string, main: Html): Page {
  if (!refused) return framed(visit, place.part, title, main);
  const texts = textsFor(visit.language);
  const summary = errorSummary(refused.errors, place.outcomes, visit, texts);
  return framed(visit, place.part, `${texts.form.notSent} ${title}`, html`${summary} ${main}`);
}
