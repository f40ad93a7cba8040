import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { fillDays, stillToday } from '../support/days-of-water.ts';
import { expectGoodPage } from '../support/good-page.ts';
import { linkOf, usePhonePages } from '../support/phone-pages.ts';
import { photoOfPhone } from '../support/photos.ts';

describe.runIf(hasChromium())('the page behind a link, on a phone', () => {
  const database = useDatabase();
  const phones = usePhonePages(database);
  const { open } = phones;
  const heading = (page: Page) => page.locator('h1').innerText();
  const submit = (page: Page) => page.locator('form:has(fieldset) button').click();

  it.each([
    {
      language: 'zh-CN',
      title: '请去看看张*',
      claimed: '您在3月2日08:00说正在赶过去',
      missing: ['请选择误报的原因', '请选择您是怎样核实的'],
      thanks: '谢谢，已经记下',
      answer: '您的答复：误报（打电话，3月2日08:00）',
      over: '这次提醒已结束',
    },
    {
      language: 'en',
      title: 'Please look in on 张*',
      claimed: 'You said on 2 Mar 08:00 that you are on your way',
      missing: ['Choose the reason of the false alarm', 'Choose how you checked'],
      thanks: 'Thank you, that is noted',
      answer: 'Your answer: False alarm (By phone, 2 Mar 08:00)',
      over: 'This alert is over',
    },
  ] as const)('leads a neighbour without JavaScript from the text to the thanks ($language)', async (words) => {
    const check = await phones.pages.openCheck();
    const page = await open(linkOf(check, 'neighbour', words.language));
    expect(await page.locator('html').getAttribute('lang')).toBe(words.language);
    expect(await heading(page)).toBe(words.title);

    await page.locator('#on_my_way').check();
    await page.locator('form:not(:has(fieldset)) button').click();
    expect(await page.locator('.good').innerText()).toContain(words.claimed);

    await page.getByRole('radio', { name: /误报|False alarm/ }).check();
    await page.getByLabel(/^(补充说明|Anything to add)/).fill('正在住院 & fine');
    await submit(page);
    expect(await page.getByRole('alert').locator('li').allInnerTexts()).toEqual(words.missing);
    expect(await page.locator('#note').inputValue()).toBe('正在住院 & fine');

    await page.getByLabel(/^(误报的原因|Reason of)/).selectOption('hospital');
    await page.getByRole('radio', { name: /打电话|By phone/ }).check();
    await submit(page);
    expect(await heading(page)).toBe(words.thanks);
    expect(await page.locator('.panel').innerText()).toContain(words.answer);

    const daughter = await open(linkOf(check, 'daughter', words.language));
    expect(await heading(daughter)).toBe(words.over);
    expect(await daughter.locator('form:not([action*="/daily"])').count()).toBe(0);
  });

  it.each([
    { language: 'zh-CN', wrong: '代码或手机号不对', title: '请去看看张*', thanks: '谢谢，已经记下', noted: '保存：' },
    {
      language: 'en',
      wrong: 'The code or the phone number is not right',
      title: 'Please look in on 张*',
      thanks: 'Thank you, that is noted',
      noted: 'Kept',
    },
  ] as const)('leads a neighbour without JavaScript from the code to a note ($language)', async (words) => {
    const check = await phones.pages.openCheck();
    const code = await check.codeFor('neighbour');
    const phoneEnd = check.home.people['neighbour']!.phone.slice(-4);
    const page = await open(`/c?lang=${words.language}`);

    await page.locator('#code').fill(code.toLowerCase());
    await page.locator('#phone').fill('12');
    await page.locator('form button').click();
    expect(await page.locator('#code-error').innerText()).toBe(words.wrong);
    expect(await page.locator('#code').inputValue()).toBe(code.toLowerCase());
    await page.locator('#phone').fill(phoneEnd);
    await page.locator('form button').click();
    expect(await heading(page)).toBe(words.title);
    expect(page.url()).not.toContain(code);

    await page.locator('#outcome-could_not_reach').check();
    await page.locator('#method-in_person').check();
    await submit(page);
    expect(await heading(page)).toBe(words.thanks);
    await page.locator('a[href*="/correct"]').click();
    await page.locator('#outcome-safe').check();
    await page.locator('#method-in_person').check();
    await submit(page);
    await page.locator('a[href*="/note"]').click();
    await page.locator('#note').fill('In the garden');
    await page.locator('form button').click();
    expect(await page.locator('.good').innerText()).toContain(words.noted);
    expect(await page.locator('.good').innerText()).toContain('In the garden');
  });

  it.each([
    { language: 'zh-CN', scheme: 'light', unread: '照片没有保存', yours: '您的照片，3月2日' },
    { language: 'en', scheme: 'dark', unread: 'The photo is not kept', yours: 'Your photo, 2 Mar' },
  ] as const)('takes a photo and shows it, or says why it is not kept ($language)', async (words) => {
    const check = await phones.pages.openCheck();
    const page = await open(linkOf(check, 'neighbour', words.language), { scheme: words.scheme });
    const send = async (buffer: Buffer) => {
      await page.locator('#outcome-could_not_reach').check();
      await page.locator('#method-in_person').check();
      await page.locator('#photo').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer });
      await submit(page);
    };
    await send(Buffer.from('no photo'));
    expect(await page.getByRole('alert').innerText()).toContain(words.unread);

    await page.goBack();
    await send(await photoOfPhone());
    const picture = page.getByRole('img', { name: words.yours });
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => page.evaluate('document.images[0].naturalHeight')).toBe(640);
    expect(await page.getByRole('alert').count()).toBe(0);
    const seen = await open(linkOf(check, 'desk', words.language), { scheme: words.scheme, javaScript: true });
    await expectGoodPage(seen);
  });

  it('asks for a reason or a date only once the outcome that needs it is chosen', async () => {
    const page = await open(linkOf(await phones.pages.openCheck(), 'neighbour'));
    const [cause, lastDay] = [page.locator('#cause'), page.locator('#away_until')];
    expect([await cause.isVisible(), await lastDay.isVisible()]).toEqual([false, false]);

    await page.locator('#outcome-false_alarm').check();
    expect([await cause.isVisible(), await lastDay.isVisible()]).toEqual([true, false]);
    await page.locator('#outcome-away').check();
    expect([await cause.isVisible(), await lastDay.isVisible()]).toEqual([false, true]);
  });

  it('leads to the other language and back', async () => {
    const page = await open(linkOf(await phones.pages.openCheck(), 'neighbour'));
    await page.getByRole('link', { name: 'English' }).click();
    expect(await heading(page)).toBe('Please look in on 张*');
    await page.getByRole('link', { name: '中文' }).click();
    expect(await heading(page)).toBe('请去看看张*');
  });

  it('sends its form though it gives its address to nobody, which makes a browser hide its origin', async () => {
    const page = await open(linkOf(await phones.pages.openCheck(), 'neighbour'));
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.locator('#outcome-safe').check();
    await page.locator('#method-in_person').check();
    await submit(page);

    expect(await (await sent).allHeaders()).toMatchObject({ origin: 'null', 'sec-fetch-site': 'same-origin' });
    expect(await heading(page)).toBe('谢谢，已经记下');
  });

  describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
    it.each(['zh-CN', 'en'] as const)('can be read, touched and heard by everybody (%s)', async (language) => {
      const check = await phones.pages.openCheck();
      const emergency = await phones.pages.openCheck();
      await emergency.answer('neighbour', 'needs_help');
      const over = await phones.pages.openCheck();
      await over.answer('neighbour', 'safe');
      const settings = { scheme, javaScript: true };

      const form = await open(linkOf(check, 'neighbour', language), settings);
      await expectGoodPage(form);
      await form.locator('#outcome-away').check();
      await submit(form);
      await expectGoodPage(form);
      await expectGoodPage(await open(linkOf(emergency, 'daughter', language), settings));
      await expectGoodPage(await open(linkOf(emergency, 'neighbour', language, '/result'), settings));
      await expectGoodPage(await open(linkOf(over, 'neighbour', language, '/result'), settings));
      await expectGoodPage(await open(linkOf(over, 'daughter', language), settings));
      await expectGoodPage(await open('/v/nothing', settings));
    });

    it('so can what comes before and after it', async () => {
      const language = scheme === 'light' ? 'zh-CN' : 'en';
      const check = await phones.pages.openCheck();
      await fillDays(database.pool, check.home.id, phones.pages.clock.now(), stillToday);
      const over = await phones.pages.openCheck();
      await over.answer('neighbour', 'safe');
      const settings = { scheme, javaScript: true };

      const code = await open(`/c?lang=${language}`, settings);
      await expectGoodPage(code);
      await code.locator('#code').fill('WRONGWRG');
      await code.locator('#phone').fill('1234');
      await code.locator('form button').click();
      await expectGoodPage(code);
      await expectGoodPage(await open(linkOf(check, 'daughter', language), settings));
      await expectGoodPage(await open(linkOf(over, 'neighbour', language, '/correct'), settings));
      const again = await open(linkOf(over, 'daughter', language, '/again'), settings);
      await submit(again);
      await expectGoodPage(again);
      const note = await open(linkOf(over, 'desk', language, '/note'), settings);
      await note.locator('form button').click();
      await expectGoodPage(note);
    });
  });
});
