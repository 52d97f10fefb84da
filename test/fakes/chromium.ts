import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';
import { cleanEnvironment } from './bot/e2e-bot.ts';
import { backendSkip } from './required-backend.ts';

/** The lightest first. */
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

function findChromium(): string | undefined {
  const directories = (process.env.PATH ?? '').split(':').filter(Boolean);
  const paths = directories.flatMap((directory) => names.map((name) => join(directory, name)));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const found = findChromium();

/** Whether tests in a browser are skipped here, and why. */
export const withoutChromium = backendSkip(
  'chromium',
  found === undefined
    ? 'no Chromium on the PATH; "apt-get install chromium-headless-shell" (Debian) brings one'
    : undefined,
);

/** The system's browser for all tests of a file, with a home of its own that goes with it. */
export function chromiumForFile(): () => Browser {
  let browser: Browser | undefined;
  let home: string;

  beforeAll(async () => {
    if (found === undefined) throw new Error('there is no Chromium on the PATH');
    home = mkdtempSync(join(inject('e2eDirectory'), 'chromium-'));
    browser = await chromium.launch({
      executablePath: found,
      env: { ...cleanEnvironment(home), HOME: home } as Record<string, string>,
      // Chromium refuses to confine itself as root.
      chromiumSandbox: process.getuid?.() !== 0,
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  return () => {
    if (browser === undefined) throw new Error('the browser has not started yet');
    return browser;
  };
}
