import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const screenshots = join(repository, 'node_modules/.cache/muster/screenshots');
/** Those that the README shows; `npm run pictures` takes them anew. */
const pictures = join(repository, 'docs/pictures');
const inReadme = ['reload', 'alert', 'question'];

/** Somebody at the page of a sandbox. */
export interface Visitor {
  readonly page: Page;
  /** Types into the composer and sends it. */
  type(text: string): Promise<void>;
  /** The last message in the channel that holds these words. */
  message(words: string | RegExp): Locator;
  /** Goes to a channel. */
  goTo(channel: string): Promise<void>;
  /** Becomes somebody else. */
  become(name: string): Promise<void>;
  /** Keeps a picture of what is on the screen, in light and in dark. */
  picture(name: string): Promise<void>;
}

interface VisitOptions extends BrowserContextOptions {
  /** After the origin: `#as=bo`. */
  readonly at?: string;
  /** For a test in which the server goes: the browser then has a right to. */
  readonly mayComplain?: boolean;
}

/** Opens the page; whatever it complains of, or asks of any other server, fails the test. */
export async function visit(
  browser: Browser,
  origin: string,
  { at = '', mayComplain = false, ...options }: VisitOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) complaints.push(`asked for ${request.url()}`);
  });
  onTestFinished(async () => {
    await context.close();
    if (!mayComplain) expect(complaints).toEqual([]);
  });
  await page.goto(`${origin}/${at}`);
  await page.locator('#channels button').first().waitFor();

  return {
    page,
    async type(text) {
      await page.locator('#composer-text').fill(text);
      await page.locator('#composer-text').press('Enter');
    },
    message: (words) => page.locator('#message-list > .message').filter({ hasText: words }).last(),
    goTo: (channel) => page.locator('#channels button', { hasText: channel }).click(),
    become: (name) => page.locator('#people label', { hasText: name }).click(),
    async picture(name) {
      await page.mouse.move(0, 0);
      mkdirSync(screenshots, { recursive: true });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const path = join(screenshots, `${name}-${colorScheme}.png`);
        await page.screenshot({ path, animations: 'disabled' });
        if (process.env.MUSTER_PICTURES === undefined || !inReadme.includes(name)) continue;
        mkdirSync(pictures, { recursive: true });
        copyFileSync(path, join(pictures, `${name}-${colorScheme}.png`));
      }
      await page.emulateMedia({ colorScheme: null });
    },
  };
}
