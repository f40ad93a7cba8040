import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** The narrowest phone that the pages are made for. */
export const PHONE = { width: 360, height: 740 };

/**
 * Whether there is a Chromium to test with. Where there is none, it is said aloud what is left out and how to get it;
 * in CI that is a failure, because nobody reads there.
 */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  const advice = `no Chromium at ${CHROMIUM}: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH`;
  if (process.env['CI']) throw new Error(advice);
  console.warn(`LEFT OUT: the tests of the pages in a real browser. There is ${advice}.`);
  return false;
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

export interface PhoneSettings {
  readonly scheme?: 'light' | 'dark';
  /** Only for programs that look at the page: the pages themselves have no script. */
  readonly javaScript?: boolean;
}

/** A phone of its own, with nothing in its memory. Its clock is the one of the homes. */
export function phone(
  browser: Browser,
  { scheme = 'light', javaScript = false }: PhoneSettings = {},
): Promise<BrowserContext> {
  return browser.newContext({
    viewport: PHONE,
    colorScheme: scheme,
    javaScriptEnabled: javaScript,
    // What looks at a page from outside is put into it as a script, which the page's own policy would refuse.
    bypassCSP: javaScript,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
}
