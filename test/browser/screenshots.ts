import { mkdirSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { phone, type PhoneSettings, startBrowser } from '../support/browser.ts';
import { checkPages, type OpenCheck } from '../support/check-pages.ts';
import { useDatabase } from '../support/database.ts';
import { fillDays, stillToday } from '../support/days-of-water.ts';

const FOLDER = 'docs/images';
const LARGEST_BYTES = 150_000;
/** Down to what can be found; the whole page would be a ribbon. */
const SHOWN = { width: 360, height: 1_310 };
const database = useDatabase();

/** The pictures of the page for the documentation: `npm run screenshots` draws them anew. */
it('draws the pictures of the documentation', async () => {
  mkdirSync(FOLDER, { recursive: true });
  const pages = checkPages(database.pool);
  const check = await pages.openCheck({ code: 'SW-0012' });
  await check.claim('daughter');
  await fillDays(database.pool, check.home.id, pages.clock.now(), stillToday);
  const app = await pages.app({ asksPlace: false });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await startBrowser();

  const draw = async (name: string, path: string, settings?: PhoneSettings) => {
    const context = await phone(browser, settings);
    const page = await context.newPage();
    await page.setViewportSize(SHOWN);
    await page.goto(address + path);
    await page.screenshot({ path: `${FOLDER}/${name}.png` });
    await context.close();
    expect(statSync(`${FOLDER}/${name}.png`).size).toBeLessThan(LARGEST_BYTES);
  };
  const over = await pages.openCheck({ code: 'SW-0013' });
  await over.answer('neighbour', 'safe');
  const help = await pages.openCheck({ code: 'SW-0014' });
  await help.answer('neighbour', 'needs_help');
  const link = (at: OpenCheck, name: string, part = '') => `/v/${at.tokens[name] ?? ''}${part}`;

  await draw('verification-zh', link(check, 'neighbour'));
  await draw('verification-en', link(check, 'neighbour', '?lang=en'));
  await draw('verification-dark', link(check, 'neighbour'), { scheme: 'dark' });
  await draw('family-zh', link(check, 'nephew', '?lang=zh-CN'));
  await draw('family-en', link(check, 'nephew'), { scheme: 'dark' });
  await draw('code-zh', '/c?lang=zh-CN');
  await draw('code-en', '/c?lang=en');
  await draw('help-zh', link(help, 'neighbour', '/result'));
  await draw('help-en', link(help, 'neighbour', '/result?lang=en'), { scheme: 'dark' });
  await draw('closed-zh', link(over, 'daughter'));
  await draw('closed-en', link(over, 'daughter', '?lang=en'));
  await draw('correct-en', link(over, 'neighbour', '/correct?lang=en'));
  await draw('again-zh', link(over, 'daughter', '/again'));
  await draw('note-zh', link(over, 'daughter', '/note'));

  await browser.close();
  await app.close();
});
