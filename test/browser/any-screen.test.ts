import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/domain/language.ts';
import { hasChromium } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { fillDays, stillToday } from '../support/days-of-water.ts';
import { expectGoodPage, expectNoWiderThan, SMALLEST_TARGET_PX } from '../support/good-page.ts';
import { linkOf, usePhonePages } from '../support/phone-pages.ts';

/** What 400 % leaves of a window of 1280 x 1024; a wall of text at 360 is the narrowest phone. */
const SCREENS = [
  { width: 360, height: 740 },
  { width: 320, height: 256 },
];

describe.runIf(hasChromium())('the pages on old phones, small screens and at great zoom', () => {
  const database = useDatabase();
  const phones = usePhonePages(database);
  const { open } = phones;
  const heading = (page: Page) => page.locator('h1').innerText();
  const answer = async (page: Page) => {
    await page.locator('#outcome-safe').check();
    await page.locator('#method-phone').check();
    await page.locator('form:has(fieldset) button').click();
  };

  /** A phone whose browser gets the pages with another style. */
  async function withStyle(change: (style: string) => string, javaScript = false): Promise<Page> {
    const page = await (await phones.phone({ javaScript })).newPage();
    await page.route('**/*', async (route) => {
      const response = await route.fetch({ maxRedirects: 0 });
      const body = (await response.text()).replace(/<style>([\s\S]*?)<\/style>/, (_element, style: string) =>
        change(style),
      );
      await route.fulfill({ response, body });
    });
    return page;
  }

  it('are shown in their own style, which is all that their policy lets in', async () => {
    const page = await open(linkOf(await phones.pages.openCheck(), 'neighbour'));

    expect((await page.locator('form button').last().boundingBox())?.height).toBeGreaterThan(SMALLEST_TARGET_PX);
  });

  it('can be read and sent where a browser understands nothing of their style', async () => {
    const check = await phones.pages.openCheck();
    const page = await withStyle(() => '');
    await page.goto(phones.address + linkOf(check, 'neighbour'));
    expect(await page.locator('#away_until').isVisible()).toBe(true);
    await expectNoWiderThan(page, 360);
    await answer(page);
    expect(await heading(page)).toBe('谢谢，已经记下');
  });

  it('can be read, touched and sent on Android 4.4, whose browser knows neither variables nor :has()', async () => {
    const check = await phones.pages.openCheck();
    await fillDays(database.pool, check.home.id, phones.pages.clock.now(), stillToday);
    const page = await withStyle((style) => `<style>${asAndroid44Reads(style)}</style>`, true);
    await page.goto(phones.address + linkOf(check, 'neighbour'));
    expect(await page.locator('#away_until').isVisible()).toBe(true);
    await expectGoodPage(page);
    await answer(page);
    expect(await heading(page)).toBe('谢谢，已经记下');
    await expectGoodPage(page);
    await page.goto(`${phones.address}/d/${await check.dailyWordOf('daughter')}`);
    await expectGoodPage(page);
  });

  it.each(SCREENS)('are never wider than a screen of $width px', async ({ width, height }) => {
    const code = (n: number) => `household_with_a_code_that_has_no_place_to_break_${width}_${n}`;
    const check = await phones.pages.openCheck({ code: code(1) });
    await fillDays(database.pool, check.home.id, phones.pages.clock.now(), stillToday);
    const over = await phones.pages.openCheck({ code: code(2) });
    await over.answer('neighbour', 'safe');
    const daily = await check.dailyWordOf('daughter');
    for (const language of LANGUAGES) {
      const page = await open(linkOf(check, 'neighbour', language), { javaScript: true });
      await page.setViewportSize({ width, height });
      await page.locator('#outcome-away').check();
      await expectNoWiderThan(page, width);
      await page.locator('form:has(fieldset) button').click();
      await expectNoWiderThan(page, width);
      const others = [
        `/c?lang=${language}`,
        `/d/${daily}?lang=${language}`,
        linkOf(check, 'daughter', language),
        linkOf(over, 'daughter', language),
        ...['/result', '/correct', '/again', '/note'].map((part) => linkOf(over, 'neighbour', language, part)),
        '/v/nothing',
      ];
      for (const path of others) {
        await page.goto(phones.address + path);
        await expectNoWiderThan(page, width);
      }
    }
  });
});

/** What is left of a style in a browser of 2013 (Chrome 33): it skips what it does not know, as all browsers do. */
function asAndroid44Reads(style: string): string {
  return style
    .replace(/@supports[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}/g, '')
    .replace(/@media \(prefers-color-scheme[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}/g, '')
    .replace(/[^{}]*:(?:has|is|focus-visible)\b[^{}]*\{[^{}]*\}/g, '')
    .replace(/(?:--[\w-]+|[\w-]+)\s*:[^;{}]*var\([^;{}]*(?=[;}])/g, '')
    .replace(/\b(?:gap|accent-color|overflow-wrap|paint-order)\s*:[^;{}]*(?=[;}])/g, '');
}
