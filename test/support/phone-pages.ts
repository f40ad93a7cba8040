import type { FastifyInstance } from 'fastify';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Language } from '../../src/domain/language.ts';
import { phone, type PhoneSettings, startBrowser } from './browser.ts';
import { type CheckPages, checkPages, type OpenCheck } from './check-pages.ts';
import type { TestDatabase } from './database.ts';

const LARGEST_PAGE_BYTES = 30_000;

/** The pages behind the links, and phones to open them on. */
export interface PhonePages {
  readonly pages: CheckPages;
  readonly browser: Browser;
  /** Where the pages are. */
  readonly address: string;
  /** Opens a path on a phone of its own. */
  readonly open: (path: string, settings?: PhoneSettings) => Promise<Page>;
  /** A phone of its own with nothing open. */
  readonly phone: (settings?: PhoneSettings) => Promise<BrowserContext>;
}

/** The server and a browser for the tests of one file. After each test every page that was opened must have been light. */
export function usePhonePages(database: TestDatabase): PhonePages {
  let started: { pages: CheckPages; app: FastifyInstance; address: string; browser: Browser } | undefined;
  const contexts: BrowserContext[] = [];
  const weights: Promise<number>[] = [];

  beforeAll(async () => {
    const pages = checkPages(database.pool);
    const app = await pages.app({ takesPhotos: true });
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    started = { pages, app, address, browser: await startBrowser() };
  });
  afterEach(async () => {
    for (const weight of await Promise.all(weights.splice(0))) expect(weight).toBeLessThan(LARGEST_PAGE_BYTES);
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await started?.browser.close();
    await started?.app.close();
  });

  const running = () => {
    if (!started) throw new Error('the pages exist only while tests run');
    return started;
  };
  const ownPhone = async (settings?: PhoneSettings) => {
    const context = await phone(running().browser, settings);
    contexts.push(context);
    return context;
  };
  return {
    get pages() {
      return running().pages;
    },
    get browser() {
      return running().browser;
    },
    get address() {
      return running().address;
    },
    phone: ownPhone,
    open: async (path, settings) => {
      const page = await (await ownPhone(settings)).newPage();
      page.on('response', (response) => {
        // A redirect has no body, and a photo is no page.
        const isPage = response.headers()['content-type']?.startsWith('text/html') === true;
        if (isPage && (response.status() < 300 || response.status() >= 400))
          weights.push(response.body().then(({ length }) => length));
      });
      await page.goto(running().address + path);
      return page;
    },
  };
}

/** The path behind somebody's link, or a part of it, in a language that they chose. */
export function linkOf(check: OpenCheck, name: string, language?: Language, part = ''): string {
  return `/v/${check.tokens[name] ?? ''}${part}${language ? `?lang=${language}` : ''}`;
}
