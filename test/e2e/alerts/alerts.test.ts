import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot, startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';
import { until } from '../../fakes/until.ts';

let bot: E2eBot;

beforeAll(async () => {
  bot = await startE2eBot({
    team: {
      projects: {
        shop: projectFile('shop', {
          managers: { lead: 'polite' },
          workers: { pay: 'polite', cart: 'polite' },
        }),
        blog: projectFile('blog', { workers: { writer: 'polite', mule: 'stubborn', ox: 'stubborn' } }),
      },
    },
  });
});
afterAll(() => bot?.stop());

/** As a person reads it, in one line. */
const read = (on: E2eBot, message: Pick<Message, 'ts'>) => on.text(message).replace(/\s+/g, ' ');

/** Alerts about what happened by itself that say this, replies apart. */
function alertsOn(on: E2eBot, words: string): readonly Message[] {
  return on.slack
    .messages('alerts')
    .filter((message) => /· A-\w{6} ·/.test(read(on, message)) && read(on, message).includes(words));
}

async function alertOn(on: E2eBot, words: string): Promise<Message> {
  return await until(`an alert says ${words}`, () => alertsOn(on, words).at(-1), 40_000);
}

const says = (on: E2eBot, channel: string, words: RegExp) =>
  until(
    `#${channel} says ${words}`,
    () => on.slack.messages(channel).find((message) => words.test(read(on, message))),
    40_000,
  );

test('an agent that ends on the host is told at once, [Start] starts it, and the same message says so', async () => {
  await bot.killOnHost('shop:pay');

  const alert = await alertOn(bot, 'shop:pay');
  expect(read(bot, alert)).toMatch(
    /shop:pay was stopped outside Muster .*\. Nothing restarts it\. \[1\] Start/,
  );

  await bot.click('ana', alert, 'Start');
  await until('it runs again', () =>
    /It runs again since \S+: it was started through Muster\./.test(read(bot, alert)),
  );
  expect(bot.team.pid('shop:pay')).toBeDefined();
  expect(alertsOn(bot, 'shop:pay')).toHaveLength(1);
});

test('what people ask for is no alert', async () => {
  await bot.sayAndWait('ana', '/team drain shop:cart');
  await bot.sayAndWait('ana', '/team up shop:cart');
  await bot.sayAndWait('ana', '/team restart shop:lead');
  await bot.sayAndWait('ana', '/team restart blog:ox');
  // What comes after it would come after it.
  await bot.killOnHost('blog:writer');
  await alertOn(bot, 'blog:writer');

  expect(alertsOn(bot, 'shop:cart')).toEqual([]);
  expect(alertsOn(bot, 'shop:lead')).toEqual([]);
  // That it had to be killed is told by the operation's own alert.
  expect(alertsOn(bot, 'blog:ox')).toEqual([]);
  await bot.sayAndWait('ana', '/team up blog:writer');
});

test('an agent that flaps is one message', async () => {
  for (let death = 1; death <= 3; death++) {
    const pid = await until('it runs', () => bot.team.pid('shop:lead'), 30_000);
    process.kill(pid, 'SIGKILL');
    await until('it is told', () =>
      death === 1
        ? alertsOn(bot, 'shop:lead').length === 1
        : alertsOn(bot, `the last of ${death} times`).length === 1,
    );
  }
  // After the third death in a row it waits 20 s.
  await until(
    'its loop has started it',
    () => alertsOn(bot, 'its loop has started it again').length === 1,
    60_000,
  );

  expect(alertsOn(bot, 'shop:lead')).toHaveLength(1);
});

test('what is muted is counted, and told when the mute is ended', async () => {
  await bot.sayAndWait('ana', '/team mute blog 30m');
  await bot.killOnHost('blog:writer');
  await bot.sayAndWait('ana', '/team drain blog:mule');
  await until('it is stopped', async () =>
    read(bot, await bot.say('bo', '/team why blog:writer')).includes('blog:writer is stopped'),
  );
  await bot.killOnHost('shop:cart');
  await alertOn(bot, 'shop:cart');
  const before = bot.slack.messages('alerts').filter((message) => read(bot, message).includes('blog:mule'));
  expect(before).toEqual([]);

  const here = await bot.sayAndWait('ana', '/team unmute blog');

  const over = await says(bot, 'alerts', /Alerts about blog are told again/);
  expect(read(bot, here)).toMatch(/Alerts about blog are told again/);
  expect(read(bot, over)).toMatch(/blog:writer was stopped outside Muster at/);
  expect(read(bot, over)).toMatch(/blog:mule had to be killed \(TimedOutKilled\) at/);
  await bot.sayAndWait('ana', '/team up shop:cart');
});

test('why and history say what was done and what happened', async () => {
  const why = await bot.sayAndWait('bo', '/team why blog:mule');
  const history = await bot.sayAndWait('bo', '/team history blog');

  expect(why.onlyVisibleTo).toBe(bot.slack.workspace.person('bo').id);
  expect(read(bot, why)).toMatch(/It is wanted down, by @\S+ since/);
  expect(read(bot, why)).toMatch(/had to be killed \(TimedOutKilled\): .* receipt R-\w{6}-1\./);
  expect(read(bot, history)).toMatch(/\/team drain blog:mule .* by @\S+/);
  expect(read(bot, history)).toMatch(/blog:writer was stopped outside Muster/);
});

test('a forced kill of which Slack takes the word and answers 500 is told once; [Give it 15 s next time] gives its next drain more time', async () => {
  await bot.sayAndWait('ana', '/team up blog:mule');
  // The second post, after the operation's own card.
  bot.slack.faults.add({
    kind: 'server-error',
    accepted: true,
    method: 'chat.postMessage',
    every: 2,
    times: 1,
  });
  await bot.sayAndWait('ana', '/team drain blog:mule');
  const alert = await says(bot, 'alerts', /blog:mule had to be killed .* Asked by/);
  const told = bot.slack
    .messages('alerts')
    .filter((message) => /blog:mule had to be killed .* Asked by/.test(read(bot, message)));
  expect(told).toHaveLength(1);
  await bot.click('ana', alert, 'Give it 15 s next time');
  await says(bot, 'alerts', /blog:mule gets 15 s to stop from its next drain on, by @/);
  await bot.sayAndWait('ana', '/team up blog:mule');

  const plan = await bot.sayAndWait('ana', '/team down blog:mule');

  expect(read(bot, plan)).toContain('15 s');
  await bot.press('ana', plan, 'Cancel');
});

test('a forced kill of which the word was lost when the bot was killed is told once, with its receipt', async () => {
  const on = await startE2eBotForTest({
    team: { projects: { shop: projectFile('shop', { workers: { mule: 'stubborn' } }) } },
  });
  const ofKill = () =>
    on.slack.messages('alerts').filter((message) => read(on, message).includes('shop:mule had to be killed'));
  const directory = dirname(on.team.root);
  await execa('git', ['init', '-q', directory]);
  writeFileSync(join(directory, '.git/index.lock'), '');
  // The second post, after the operation's own card: the alert arrives, and the bot never hears of it.
  on.slack.faults.add({ kind: 'hang', accepted: true, method: 'chat.postMessage', every: 2, times: 1 });
  await on.slack.slash('ana', 'ops', '/team drain shop:mule');
  await until('the receipt is complete', () => /INFO examined/.test(on.log()));
  await until('the alert stands', () => ofKill().length === 1);
  await on.end('SIGKILL');
  on.slack.faults.clear();

  await on.startAgain();
  const receipt = await until('the receipt stands', () => on.slack.thread(ofKill()[0]?.ts ?? '')[1], 40_000);

  expect(ofKill()).toHaveLength(1);
  expect(read(on, receipt)).toMatch(/git has \d+ uncommitted files, and \.git\/index\.lock/);
  expect(read(on, receipt)).toMatch(
    /Ordered by @\S+ with \/team drain shop:mule .* Budget 1 s, took .* KILL after/,
  );
});

test('agents that die at once, because their tmux server does, are one message that says so', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `a${index}`);
  const on = await startE2eBotForTest({
    team: {
      projects: {
        shop: projectFile('shop', {
          workers: Object.fromEntries(names.map((name) => [name, 'polite'] as const)),
        }),
      },
    },
  });
  await until('all run', () => names.every((name) => on.team.pid(`shop:${name}`) !== undefined), 60_000);

  await on.tmux('kill-server');

  const alert = await alertOn(
    on,
    '60 agents died at once: likely the tmux server is gone, or somebody stopped them all on the host. Now: all are down.',
  );
  expect(on.slack.messages('alerts').map(({ ts }) => ts)).toEqual([alert.ts]);
});
