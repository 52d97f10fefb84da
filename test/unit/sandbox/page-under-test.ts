import type { App } from '@slack/bolt';
import { startAppUnderTest } from '../../../packages/slack-stand-in/test/app-under-test.ts';
import { createPage } from '../../../src/sandbox/page-server/page.ts';
import type { PageWorld } from '../../../src/sandbox/page-server/side-panel.ts';
import { commandWords } from '../../../src/sandbox/page-words.ts';

const words: PageWorld['words'] = {
  commands: commandWords(),
  agents: ['shop:pay'],
  operators: ['ana'],
  budgetSeconds: 4,
  root: '/team',
};

/** A page over a stand-in with an app, and a host on which nothing happens but what is asked of it. */
export async function startPageUnderTest(listen?: (app: App) => void) {
  const page = await createPage();
  const bot = await startAppUnderTest(listen, { pages: page.handler });
  const asked: string[][] = [];
  page.open({
    slack: bot.slack,
    words,
    host: {
      models: ['stub-polite'],
      agents: async () => [{ id: 'shop:pay', state: 'running', pid: 42 }],
      misbehave: async (agent, how) => void asked.push([agent, how]),
      setModel: async (agent, model) => void asked.push([agent, model]),
    },
  });
  const { origin } = bot.slack;
  return {
    slack: bot.slack,
    origin,
    asked,
    /** As the page asks for it; a header that is `null` is left out. */
    deed: (name: string, body: object, headers: Record<string, string | null> = {}) =>
      fetch(`${origin}/page/${name}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: Object.entries({ origin, 'content-type': 'application/json', ...headers }).filter(
          (header): header is [string, string] => header[1] !== null,
        ),
      }),
    async [Symbol.asyncDispose]() {
      page.close();
      await bot[Symbol.asyncDispose]();
    },
  };
}
