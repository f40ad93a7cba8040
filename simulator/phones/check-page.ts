import type { Method } from '../../src/domain/alerting/outcome.ts';
import type { HomeCheck } from '../town/home-check.ts';

type HiddenField = readonly [name: string, value: string];

/** The page behind a link, as somebody with a phone sees it. */
export interface CheckPage {
  /** The page asks for what was found. A page about an alert that is over only tells. */
  readonly asksForOutcome: boolean;
  /** What the form sends along without showing it. */
  readonly hiddenFields: readonly HiddenField[];
}

const TIMEOUT_MS = 10_000;

/** Opens a link; undefined when there is no page behind it any more. Throws when the server fails. */
export async function openCheckPage(link: string): Promise<CheckPage | undefined> {
  const response = await fetch(link, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  const html = await response.text();
  if (response.status === 404 || response.status === 410) return undefined;
  if (response.status !== 200) throw new Error(`the page behind a link answered ${response.status}`);
  return { asksForOutcome: /name="outcome"/.test(html), hiddenFields: hiddenFieldsOf(html) };
}

/** Enters a code as its owner would, with the last four digits of their phone. Undefined when it opens nothing any more. */
export async function enterCode(baseUrl: string, code: string, phone: string): Promise<string | undefined> {
  const response = await fetch(new URL('/c', baseUrl), {
    method: 'POST',
    body: new URLSearchParams({ code, phone: phone.slice(-4) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (response.status === 422) return undefined;
  const location = response.headers.get('location');
  if (response.status !== 303 || location === null) throw new Error(`the page for codes answered ${response.status}`);
  return new URL(location, baseUrl).href;
}

/** Says "I am on my way". */
export function sendClaim(link: string, page: CheckPage): Promise<boolean> {
  const form = formOf(page);
  form.set('on_my_way', 'yes');
  return submit(`${link}/claim`, form);
}

/** Sends what was found. False when somebody else was faster and the page takes no answer any more. */
export function sendAnswer(link: string, page: CheckPage, check: HomeCheck, method: Method): Promise<boolean> {
  const form = formOf(page);
  form.set('outcome', check.outcome);
  form.set('method', method);
  form.set('note', '');
  if (check.cause) form.set('cause', check.cause);
  if (check.awayUntil) form.set('away_until', check.awayUntil);
  return submit(link, form);
}

async function submit(url: string, body: URLSearchParams): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (response.status === 409 || response.status === 410) return false;
  if (response.status >= 400) throw new Error(`the page behind a link refused the form with ${response.status}`);
  return true;
}

function formOf({ hiddenFields }: CheckPage): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of hiddenFields) form.append(name, value);
  return form;
}

function hiddenFieldsOf(html: string): HiddenField[] {
  const inputs = html.match(/<input\b[^>]*>/g) ?? [];
  return inputs
    .filter((input) => attributeOf(input, 'type') === 'hidden')
    .map((input) => [attributeOf(input, 'name'), attributeOf(input, 'value')]);
}

function attributeOf(tag: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}
