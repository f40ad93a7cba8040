import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { expectGoodPage } from '../support/good-page.ts';
import { linkOf, usePhonePages } from '../support/phone-pages.ts';

const WORDS = [
  {
    language: 'zh-CN',
    missing: '还没有保存：请先在方框里打勾',
    on: '这户用水后，每天发一条短信给您。',
    stopping: '每日用水短信',
    stopped: '已停发',
    done: '不再给您发这户的每日用水短信。',
  },
  {
    language: 'en',
    missing: 'Not saved yet: first tick the box',
    on: 'You get a text once a day',
    stopping: 'Daily texts that water was used',
    stopped: 'Stopped',
    done: 'You get no more daily texts about this home.',
  },
] as const;

describe.runIf(hasChromium())('the daily word, on a phone', () => {
  const database = useDatabase();
  const phones = usePhonePages(database);
  const { open } = phones;
  const heading = (page: Page) => page.locator('h1').innerText();
  const errorOf = (page: Page, name: string) => page.locator(`#${name}-error`).innerText();
  const saveDaily = (page: Page) => page.locator('form[action*="/daily"] button').click();

  it.each(WORDS)('is asked for and stopped on the page of an alert without JavaScript ($language)', async (words) => {
    const check = await phones.pages.openCheck();
    const page = await open(linkOf(check, 'daughter', words.language));
    await saveDaily(page);
    expect(await errorOf(page, 'daily_word')).toBe(words.missing);
    await page.locator('#daily_word').check();
    await saveDaily(page);
    expect(await page.locator('#daily + p').innerText()).toContain(words.on);

    await saveDaily(page);
    expect(await errorOf(page, 'daily_word')).toBe(words.missing);
    expect(await page.locator('#daily + p').innerText()).toContain(words.on);
    await page.locator('#daily_word').check();
    await saveDaily(page);
    expect(await page.locator('#daily_word').getAttribute('value')).toBe('start');

    const neighbour = await open(linkOf(check, 'neighbour', words.language));
    expect(await neighbour.locator('#daily').count()).toBe(0);
  });

  it.each(WORDS)('is stopped by the link in its text without JavaScript ($language)', async (words) => {
    const token = await (await phones.pages.openCheck()).dailyWordOf('daughter');
    const page = await open(`/d/${token}?lang=${words.language}`);
    expect(await page.locator('html').getAttribute('lang')).toBe(words.language);
    expect(await heading(page)).toBe(words.stopping);
    expect(await page.locator('main').innerText()).toContain('张*');

    await page.locator('form button').click();
    expect(await heading(page)).toBe(words.stopping);
    expect(await errorOf(page, 'stop')).toBe(words.missing);
    await page.locator('#stop').check();
    await page.locator('form button').click();
    expect(await heading(page)).toBe(words.stopped);
    expect(await page.getByRole('status').innerText()).toContain(words.done);
    expect(page.url()).toContain(`?lang=${words.language}`);

    const again = await open(`/d/${token}?lang=${words.language}`);
    expect(await heading(again)).toBe(words.stopped);
    expect(await again.locator('form').count()).toBe(0);
  });

  it.each([
    { language: 'zh-CN', scheme: 'light' },
    { language: 'en', scheme: 'dark' },
  ] as const)('can be read, touched and heard by everybody ($language, $scheme)', async ({ language, scheme }) => {
    const check = await phones.pages.openCheck();
    const token = await check.dailyWordOf('nephew');
    const settings = { scheme, javaScript: true };
    const page = await open(`/d/${token}?lang=${language}`, settings);
    await page.locator('form button').click();
    await expectGoodPage(page);
    await page.locator('#stop').check();
    await page.locator('form button').click();
    await expectGoodPage(page);

    const offered = await open(linkOf(check, 'daughter', language), settings);
    await saveDaily(offered);
    await expectGoodPage(offered);
    await offered.locator('#daily_word').check();
    await saveDaily(offered);
    await expectGoodPage(offered);
  });
});
