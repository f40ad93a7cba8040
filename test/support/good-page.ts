import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export const SMALLEST_TARGET_PX = 44;
const SMALLEST_TEXT_PX = 18;

/** No fault that axe knows, no target too small for a thumb, no text too small for old eyes, nothing beside the screen. */
export async function expectGoodPage(page: Page): Promise<void> {
  await page.addScriptTag({ content: axe.source });
  const found = await page.evaluate(
    `axe.run({ rules: { 'target-size': { enabled: true } } })
       .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
  expect(found).toEqual([]);
  expect(await page.evaluate(TOO_SMALL_TARGETS)).toEqual([]);
  expect(await page.evaluate(TOO_SMALL_TEXTS)).toEqual([]);
  await expectNoWiderThan(page, page.viewportSize()?.width ?? 0);
}

/** Nothing has to be looked for beside the screen. */
export async function expectNoWiderThan(page: Page, width: number): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
}

const TOO_SMALL_TARGETS = `[...document.querySelectorAll('a, button, select, textarea, input[type=date], input[type=time], input[type=text], input[type=file], label.choice')]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < ${SMALLEST_TARGET_PX})
  .map((element) => element.outerHTML)`;
const TOO_SMALL_TEXTS = `[...document.querySelectorAll('body :not(input[type=radio], input[type=checkbox])')]
  .filter((element) => element.checkVisibility() && parseFloat(getComputedStyle(element).fontSize) < ${SMALLEST_TEXT_PX})
  .map((element) => element.outerHTML)`;
