import { it } from 'vitest';
import { phone, startBrowser } from '../support/browser.ts';
import { checkPages } from '../support/check-pages.ts';
import { useDatabase } from '../support/database.ts';
const database = useDatabase();
it('looks', async () => {
  const pages = checkPages(database.pool);
  const app = await pages.app();
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await startBrowser();
  for (const lang of ['zh-CN', 'en'])
    for (const scheme of ['light', 'dark'] as const) {
      if ((lang === 'en') !== (scheme === 'dark')) continue;
      const context = await phone(browser, { scheme });
      const page = await context.newPage();
      const shot = (name: string) =>
        page.screenshot({ path: `/tmp/shots/${lang}-${scheme}-${name}.png`, fullPage: true });
      const open = async () => {
        const check = await pages.openCheck();
        return { check, url: (n: string, p = '') => `${address}/v/${check.tokens[n]!}${p}?lang=${lang}` };
      };
      const send = async () => {
        await page.locator('main form button').last().click();
      };
      // claim + errors
      const a = await open();
      await page.goto(a.url('neighbour'));
      await page.locator('button.plain').click();
      await shot('claimed');
      await page.locator('#outcome-away').check();
      await page.fill('#note', '<b>x</b> 敲门');
      await send();
      await shot('error');
      await page.locator('#outcome-false_alarm').check();
      await page.locator('#method-phone').check();
      await page.selectOption('#cause', 'hospital');
      await shot('cause');
      await send();
      await shot('thanks');
      await page.goto(a.url('daughter'));
      await shot('closed');
      const b = await open();
      await page.goto(b.url('neighbour'));
      await page.locator('#outcome-needs_help').check();
      await page.locator('#method-in_person').check();
      await send();
      await shot('help');
      await page.goto(b.url('daughter'));
      await shot('emergency-form');
      await page.locator('#outcome-safe').check();
      await page.locator('#method-phone').check();
      await send();
      await shot('stands');
      const c = await open();
      await page.goto(c.url('neighbour'));
      await page.locator('#outcome-needs_help').check();
      await page.locator('#method-in_person').check();
      await c.check.answer('daughter', 'safe');
      await send();
      await shot('late');
      const d = await open();
      await page.goto(d.url('nephew'));
      await page.locator('#outcome-could_not_reach').check();
      await page.locator('#method-in_person').check();
      await send();
      await shot('next');
      await page.goto(`${address}/v/abc`);
      await shot('404');
      await page.goto(`${address}/nothing`);
      await shot('404b');
      await page.goto(`${address}/`);
      await shot('home');
      await context.close();
    }
  await browser.close();
  await app.close();
});
