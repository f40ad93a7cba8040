import { mkdirSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { phone, type PhoneSettings, startBrowser } from '../support/browser.ts';
import { checkPages } from '../support/check-pages.ts';
import { useDatabase } from '../support/database.ts';

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
  const app = await pages.app();
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await startBrowser();

  const draw = async (name: string, query: string, settings?: PhoneSettings) => {
    const context = await phone(browser, settings);
    const page = await context.newPage();
    await page.setViewportSize(SHOWN);
    await page.goto(`${address}/v/${check.tokens['neighbour'] ?? ''}${query}`);
    await page.screenshot({ path: `${FOLDER}/${name}.png` });
    await context.close();
    expect(statSync(`${FOLDER}/${name}.png`).size).toBeLessThan(LARGEST_BYTES);
  };
  await draw('verification-zh', '');
  await draw('verification-en', '?lang=en');
  await draw('verification-dark', '', { scheme: 'dark' });

  await browser.close();
  await app.close();
});
