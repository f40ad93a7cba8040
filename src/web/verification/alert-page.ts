import type { Page } from '../page.ts';
import { closedPage } from './closed-page.ts';
import { formPage } from './form-page.ts';
import type { PageInput } from './page-parts.ts';

/** The page of an alert as it stands now: asking, or telling how it ended. */
export function alertPage(input: PageInput): Page {
  return input.visit.alert.state === 'closed' ? closedPage(input) : formPage(input);
}
