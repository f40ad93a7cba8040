import { mkdirSync, statSync } from 'node:fs';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { Language } from '../../src/domain/language.ts';
import { PHONE, phone, startBrowser } from '../support/browser.ts';
import { type CheckPages, checkPages, type OpenCheck } from '../support/check-pages.ts';
import { useDatabase } from '../support/database.ts';
import { fillDays, stillToday } from '../support/days-of-water.ts';
import { photoOfPhone } from '../support/photos.ts';

const FOLDER = 'docs/images';
const LARGEST_BYTES = 50_000;
/** Down to what can be found; the whole page would be a ribbon. */
const HIGHEST = 1_310;
const database = useDatabase();

interface Picture {
  readonly name: string;
  readonly path: string;
  /** What is done on the page before its picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** What is to be seen first, where that is not the top of the page. */
  readonly from?: string;
}

/** The pictures of the page for the documentation, each in both languages, light and dark: `npm run screenshots` draws them anew. */
it('draws the pictures of the documentation', async () => {
  mkdirSync(FOLDER, { recursive: true });
  const pages = checkPages(database.pool);
  const app = await pages.app({ asksPlace: false, takesPhotos: true });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await startBrowser();

  const draw = async ({ name, path, prepare, from }: Picture, language: Language, scheme: Scheme) => {
    const context = await phone(browser, { scheme });
    const page = await context.newPage();
    await page.setViewportSize({ width: PHONE.width, height: HIGHEST });
    await page.goto(`${address}${path}?lang=${language}`);
    await prepare?.(page);
    const file = `${FOLDER}/${name}-${language === 'en' ? 'en' : 'zh'}${scheme === 'dark' ? '-dark' : ''}.png`;
    const picture = await page.screenshot({ clip: await clipOf(page, from), fullPage: true });
    await context.close();
    await sharp(picture).png({ palette: true }).toFile(file);
    expect(statSync(file).size).toBeLessThan(LARGEST_BYTES);
  };
  for (const picture of await pictures(pages)) {
    await draw(picture, 'zh-CN', 'light');
    await draw(picture, 'en', 'light');
    if (IN_THE_DARK.has(picture.name)) await draw(picture, 'zh-CN', 'dark');
  }
  await browser.close();
  await app.close();
});

type Scheme = 'light' | 'dark';
const IN_THE_DARK = new Set(['verification', 'family', 'help', 'refused']);

/** From there on, as much as is shown of a page, or all of a shorter one. */
async function clipOf(page: Page, from: string | undefined) {
  const top = from === undefined ? 0 : ((await page.locator(from).first().boundingBox())?.y ?? 0);
  const whole = await page.evaluate<number>('document.body.getBoundingClientRect().bottom');
  const y = Math.max(0, top - 16);
  return { x: 0, y, width: PHONE.width, height: Math.min(HIGHEST, whole - y) };
}

/** One home for each story, and the pages that its people see. */
async function pictures(pages: CheckPages): Promise<Picture[]> {
  const check = await pages.openCheck({ code: 'SW-0012' });
  await check.claim('daughter');
  await fillDays(database.pool, check.home.id, pages.clock.now(), stillToday);
  const over = await pages.openCheck({ code: 'SW-0013' });
  await over.answer('neighbour', 'safe');
  const help = await pages.openCheck({ code: 'SW-0014' });
  await help.answer('neighbour', 'needs_help');
  const waiting = await pages.openCheck({ code: 'SW-0015' });
  const daily = await waiting.dailyWordOf('daughter');
  const stopped = await pages.openCheck({ code: 'SW-0016' });
  const link = (at: OpenCheck, name: string, part = '') => `/v/${at.tokens[name] ?? ''}${part}`;
  const send = (page: Page) => page.locator('form:has(fieldset) button').click();

  return [
    { name: 'verification', path: link(check, 'neighbour') },
    { name: 'photo', path: link(check, 'neighbour'), from: 'fieldset:has(#method-phone)' },
    { name: 'family', path: link(check, 'nephew') },
    {
      name: 'refused',
      path: link(check, 'neighbour'),
      prepare: async (page) => {
        await page.locator('#outcome-away').check();
        await send(page);
      },
    },
    { name: 'code', path: '/c' },
    {
      name: 'code-wrong',
      path: '/c',
      prepare: async (page) => {
        await page.locator('#code').fill('ABCD-2345');
        await page.locator('#phone').fill('1234');
        await page.locator('form button').click();
      },
    },
    { name: 'help', path: link(help, 'neighbour', '/result') },
    { name: 'photo-kept', path: link(help, 'desk'), prepare: (page) => sendPhoto(page, send) },
    { name: 'thanks', path: link(over, 'neighbour', '/result') },
    { name: 'closed', path: link(over, 'daughter') },
    { name: 'correct', path: link(over, 'neighbour', '/correct') },
    { name: 'again', path: link(over, 'daughter', '/again') },
    { name: 'note', path: link(over, 'daughter', '/note') },
    { name: 'daily-offer', path: link(over, 'daughter'), from: '#daily' },
    { name: 'daily', path: `/d/${daily}` },
    {
      name: 'daily-stopped',
      path: `/d/${await stopped.dailyWordOf('daughter')}`,
      prepare: async (page) => {
        if ((await page.locator('#stop').count()) === 0) return;
        await page.locator('#stop').check();
        await page.locator('form button').click();
      },
    },
    { name: 'wrong-link', path: '/v/nothing' },
  ];
}

async function sendPhoto(page: Page, send: (page: Page) => Promise<void>): Promise<void> {
  await page.locator('#outcome-could_not_reach').check();
  await page.locator('#method-in_person').check();
  await page.locator('#photo').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: await photoOfPhone() });
  await send(page);
  await page.getByRole('img').first().scrollIntoViewIfNeeded();
}
