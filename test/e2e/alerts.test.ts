import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonsOf } from '../../src/sandbox/buttons.ts';
import type { Message } from '../../src/sandbox/message-store.ts';
import { projectFile } from '../fakes/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../fakes/e2e-bot.ts';
import { until } from '../fakes/until.ts';

let bot: E2eBot;

beforeAll(async () => {
  bot = await startE2eBot({
    team: {
      projects: {
        shop: projectFile('shop', {
          managers: { lead: 'polite' },
          workers: { pay: 'polite', cart: 'polite' },
        }),
        blog: projectFile('blog', { workers: { writer: 'polite' } }),
      },
    },
  });
});
afterAll(() => bot?.stop());

/** As a person reads it, in one line. */
const read = (on: E2eBot, message: Message) => on.text(message).replace(/\s+/g, ' ');

/** Messages of the alert channel that speak of it, replies apart. */
function alertsOn(on: E2eBot, ...words: string[]): readonly Message[] {
  return on.slack
    .messages('alerts')
    .filter(
      (message) =>
        /· A-\w{6} ·/.test(read(on, message)) && words.every((word) => read(on, message).includes(word)),
    );
}

async function alertOn(on: E2eBot, ...words: string[]): Promise<Message> {
  return await until(`an alert about ${words.join(', ')}`, () => alertsOn(on, ...words).at(-1));
}

const press = (on: E2eBot, message: Message, label: string) => {
  const found = buttonsOf(on.now(message)).find((button) => button.label === label);
  if (found === undefined) throw new Error(`no button ${label} in ${on.text(message)}`);
  return on.slack.press('ana', message, found.actionId);
};

test('an agent that is killed on the host is told at once, and [Start] starts it', async () => {
  await bot.killOnHost('shop:pay');

  const alert = await alertOn(bot, 'shop:pay');
  expect(read(bot, alert)).toMatch(/shop:pay .*\. Nothing restarts it\. \[1\] Start/);

  await press(bot, alert, 'Start');
  await until('it runs again', () =>
    /It runs again since \S+: it was started through Muster\./.test(read(bot, bot.now(alert))),
  );
  expect(bot.team.pid('shop:pay')).toBeDefined();
  expect(alertsOn(bot, 'shop:pay')).toHaveLength(1);
});
