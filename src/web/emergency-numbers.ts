import { html, type Html } from './html.ts';

/** The emergency numbers (as the operator wrote them, separated by spaces), each to be called with one touch. */
export function emergencyNumbersBox(heading: string, emergencyNumbers: string): Html {
  const numbers = emergencyNumbers.split(/\s+/).filter((number) => number !== '');
  const links = numbers.map((number) => html`<a href="tel:${number.replace(/[^+\d]/g, '')}">${number}</a>`);
  return html`<div class="emergency">
    <p>${heading}</p>
    <div class="numbers">${links}</div>
  </div>`;
}
