import { html, type Html } from './html.ts';

export interface TickForm {
  readonly action: string;
  /** What is sent, and with which value, once it is ticked. */
  readonly name: string;
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  readonly button: string;
  /** What it says when it came without its tick; undefined when it did not. */
  readonly error: string | undefined;
}

/** A form of one box and a button. It must be ticked, so that a program which only presses buttons does nothing by it. */
export function tickForm({ action, name, value, label, hint, button, error }: TickForm): Html {
  const isWrong = error !== undefined;
  return html`<form method="post" action="${action}" novalidate>
    ${isWrong && html`<p class="error" id="${name}-error" role="alert">${error}</p>`}
    <label class="choice">
      <input
        type="checkbox"
        name="${name}"
        id="${name}"
        value="${value}"
        ${isWrong && html` aria-invalid="true" aria-describedby="${name}-error"`}
      />
      <span><b>${label}</b>${hint !== undefined && html`<small>${hint}</small>`}</span>
    </label>
    <button class="plain">${button}</button>
  </form>`;
}
