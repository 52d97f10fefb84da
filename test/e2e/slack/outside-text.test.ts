import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectFile, writeTeam } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';
import { until } from '../../fakes/until.ts';

let bot: E2eBot;
const token = 'xoxb-2718281828-canary';
/** Known by its name alone: one that the agents inherit, and one in an env file of theirs. */
const [inherited, inFile] = ['Inherited-canary-1', 'Filed-canary-2'];
const words = `<!channel> <!here> <@U0ANA000000> ${token} ${inherited} ${inFile}`;

beforeAll(async () => {
  bot = await startE2eBot({
    team: (directory) => {
      const team = writeTeam(directory, {
        projects: { shop: projectFile('shop', { workers: { pay: 'loud' } }) },
      });
      writeFileSync(join(team.root, 'words'), `I said: ${words}\n`);
      mkdirSync(join(team.root, 'state/envs'), { recursive: true });
      writeFileSync(join(team.root, 'state/envs/blog-editor.env'), `SESSION_SECRET=${inFile}\n`);
      return team;
    },
    up: ['shop'],
    env: { ANTHROPIC_API_KEY: inherited },
  });
});
afterAll(() => bot?.stop());

test('what an agent printed reaches the alert channel as it is, pings nobody, and has no token in it', async () => {
  await bot.sayAndWait('ana', '/team drain shop:pay');

  const [alert] = bot.slack.messages('alerts');
  const [, receipt] = bot.slack.thread(alert?.ts ?? '');
  expect(receipt && bot.text(receipt)).toContain(
    'I said: <!channel> <!here> <@U0ANA000000> [redacted] [redacted] [redacted]',
  );
  expectNobodyPinged();
});

test('nor does it have one in the logs', async () => {
  await bot.sayAndWait('ana', '/team up shop:pay');
  await until('it has printed something', async () => {
    const logs = await bot.sayAndWait('ana', '/team logs shop:pay');
    return bot.text(logs).includes('[redacted] [redacted] [redacted]');
  });

  expectNobodyPinged();
});

test('what a person types is given back harmless', async () => {
  const answer = await bot.sayAndWait('bo', '/team <!channel>');
  await bot.sayAndWait('bo', `/team status ${token}`);
  await bot.sayAndWait('bo', '/team status shop:<!everyone>');

  expect(bot.text(answer)).toContain('There is no command');
  expectNobodyPinged();
});

test('complaints about the team’s files quote them harmless', async () => {
  bot.team.edit('shop', (yaml) =>
    yaml
      .replace('model: m1', `model: m1, effort: "${words}"`)
      .replace('workers:', `workers:\n  "${words}": { runtime: polite }`),
  );

  const status = await bot.sayAndWait('bo', '/team status');
  await bot.sayAndWait('ana', '/team reload shop');

  expect(bot.text(status)).toContain("The team's files don't load");
  expect(bot.text(status)).toContain('<!channel>');
  expectNobodyPinged();
});

/** Slack reads `<!...>` and `<@...>` in mrkdwn and in a message's text; we write mentions of our own in the latter form. */
function expectNobodyPinged(): void {
  const sent = bot.slack.log.map(({ args }) => JSON.stringify(args));
  const read = bot.slack.log.flatMap(({ args }) => mrkdwnIn(args));

  expect(read.filter((text) => /<!(?:channel|here|everyone)/.test(text))).toEqual([]);
  expect(read.filter((text) => text.includes('&lt;!channel') && text.includes('<@U0ANA000000> '))).toEqual(
    [],
  );
  for (const secret of [token, inherited, inFile]) {
    expect(sent.filter((call) => call.includes(secret))).toEqual([]);
    expect(bot.log()).not.toContain(secret);
  }
}

function mrkdwnIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  const own = typeof text === 'string' && (type === undefined || type === 'mrkdwn') ? [text] : [];
  return [...own, ...Object.values(value).flatMap(mrkdwnIn)];
}
