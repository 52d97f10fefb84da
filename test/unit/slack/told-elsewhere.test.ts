import { expect, test } from 'vitest';
import type { FakeAgent } from '../../fakes/fake-supervisor.ts';
import { until } from '../../fakes/until.ts';
import { type BotUnderTest, startBot } from './bot-under-test.ts';

const stubborn: FakeAgent = { drain: 'stubborn' };
const drainPay = '/team drain shop:pay 1s';
const isTold = ({ team }: BotUnderTest) =>
  team.records.operations.unfinished().length + team.records.operations.untold().length === 0;
const texts = (bot: BotUnderTest, channel: string) => bot.slack.messages(channel).map(({ text }) => text);

/** Types a drain of `shop:pay`, does something to Slack while it runs, and waits until all of it is told. */
async function drainWhile(bot: BotUnderTest, during: () => void): Promise<void> {
  const drained = bot.say('ana', drainPay);
  await until('its card stands', () => bot.team.records.operations.unfinished()[0]?.shownAt);
  during();
  await drained;
  await until('it is told', () => isTold(bot));
}

test('the verdict of an operation whose message was deleted is told in a new one, with the thread under it', async () => {
  await using bot = await startBot({ agents: { 'shop:pay': stubborn } });

  await drainWhile(bot, () => bot.slack.remove(bot.last()));

  const [anew, ...others] = bot.slack.messages('ops');
  expect(others).toEqual([]);
  expect(anew?.text).toMatch(
    /^:warning: \*1 agent had to be killed.*Drained \*shop:pay\*.*The message that showed this cannot be edited any more \(message.*not.*found\)\.$/s,
  );
  expect(bot.slack.thread(anew?.ts ?? '').at(-1)?.text).toMatch(
    /^<@U0ANA000000> Drain of \*shop:pay\* is over/,
  );
  expect(texts(bot, 'alerts')).toHaveLength(1);
});

test.each<[string, (bot: BotUnderTest) => void]>([
  ['was archived', ({ slack }) => slack.archive('ops')],
  [
    'has removed Muster and lost the message',
    ({ slack }) => {
      for (const message of slack.messages('ops')) slack.remove(message);
      slack.removeApp('ops');
    },
  ],
])('the verdict of an operation whose channel %s is told in the alert channel, once', async (_what, harm) => {
  await using bot = await startBot({ agents: { 'shop:pay': { drain: { afterMs: 300 } } } });

  await drainWhile(bot, () => harm(bot));

  expect(texts(bot, 'alerts')).toEqual([
    expect.stringMatching(
      /^:white_check_mark: Drained \*shop:pay\*.*This is told here because <#C0OPS000000> takes no messages from Muster any more/s,
    ),
  ]);
});

test('a verdict that can be told nowhere is told as soon as it can be, once', async () => {
  await using bot = await startBot({ agents: { 'shop:pay': stubborn } });
  const drained = bot.say('ana', drainPay);
  await until('its card stands', () => bot.team.records.operations.unfinished()[0]?.shownAt);
  for (const message of bot.slack.messages('ops')) bot.slack.remove(message);
  for (const channel of ['ops', 'alerts']) bot.slack.removeApp(channel);
  await drained;
  expect(isTold(bot)).toBe(false);

  bot.slack.workspace.channel('alerts').members.add(bot.slack.workspace.bot.id);
  await until('it is told', () => isTold(bot));

  expect(texts(bot, 'alerts').filter((text) => text.includes('Drained *shop:pay*'))).toHaveLength(1);
  expect(texts(bot, 'alerts').filter((text) => text.startsWith(':skull:'))).toHaveLength(1);
});

test.each(['message_not_found', 'cant_update_message', 'edit_window_closed', 'msg_too_long'])(
  'a verdict that Slack refuses as an edit (%s) stands in a new message',
  async (error) => {
    await using bot = await startBot({ agents: { 'shop:pay': { drain: { afterMs: 300 } } } });

    await drainWhile(bot, () => bot.slack.faults.add({ kind: 'refused', method: 'chat.update', error }));

    expect(bot.last().text).toMatch(/^:white_check_mark: Drained \*shop:pay\*/);
  },
);

test('a forced kill in an outage longer than all tries is told when Slack is back, each message once', async () => {
  await using bot = await startBot({ agents: { 'shop:pay': stubborn } });
  const drained = bot.say('ana', drainPay);
  await until('its card stands', () => bot.team.records.operations.unfinished()[0]?.shownAt);
  const endOutage = bot.slack.faults.add({ kind: 'server-error', accepted: false });
  await drained;
  expect(texts(bot, 'alerts')).toEqual([]);
  expect(isTold(bot)).toBe(false);

  endOutage();
  await until('it is told', () => isTold(bot));

  expect(texts(bot, 'alerts')).toEqual([expect.stringContaining('*shop:pay* had to be killed')]);
  expect(bot.last().text).toMatch(/^:warning: \*1 agent had to be killed \(TimedOutKilled\)\.\*/);
  const replies = [bot.last(), ...bot.slack.messages('alerts')].map(
    ({ ts }) => bot.slack.thread(ts).length - 1,
  );
  expect(replies).toEqual([2, 1]);
});

test('an alert that somebody deletes before it is complete is told anew', async () => {
  await using bot = await startBot({
    agents: { 'shop:pay': stubborn, 'shop:cart': stubborn, 'shop:lead': stubborn },
  });
  const drained = bot.say('ana', '/team drain shop 1s');
  await until('the first alert stands', () => bot.slack.messages('alerts')[0]);
  for (const message of bot.slack.messages('alerts')) bot.slack.remove(message);
  await drained;
  await until('it is told', () => isTold(bot));

  expect(texts(bot, 'alerts')).toHaveLength(1);
  for (const id of ['pay', 'cart', 'lead']) {
    expect(texts(bot, 'alerts')[0]).toContain(`*shop:${id}* had to be killed`);
  }
});

test('what becomes of an alert about a death that somebody has deleted is told in a new message', async () => {
  await using bot = await startBot();
  await until('it is watched', () => watched(bot).includes('shop:pay'));
  bot.team.supervisor.die('shop:pay', { kind: 'exited', code: 3, at: new Date() });
  const alert = await until('the death is told', () => bot.slack.messages('alerts')[0]);
  await until('it is on record that it is told', () => untoldAlerts(bot) === 0);
  bot.slack.remove(alert);

  bot.team.supervisor.set('shop:pay', { state: 'running' });
  const anew = await until('the end of it is told', () => bot.slack.messages('alerts')[0]);
  await until('it is on record that it is told', () => untoldAlerts(bot) === 0);

  expect(anew.ts).not.toBe(alert.ts);
  expect(texts(bot, 'alerts')).toHaveLength(1);
});

test('a forced kill is told, once, though the journal takes no note of posts', async () => {
  await using bot = await startBot({ agents: { 'shop:pay': stubborn } });
  bot.team.records.journal.run((database) =>
    database.exec(
      "create temp trigger full before insert on posts when new.id not like 'O-%' begin select raise(abort, 'database or disk is full'); end",
    ),
  );
  const endOutage = bot.slack.faults.add({
    kind: 'server-error',
    method: 'chat.postMessage',
    every: 2,
    accepted: true,
  });

  await bot.say('ana', drainPay);
  endOutage();
  await until('it is told', () => isTold(bot));

  expect(texts(bot, 'alerts')).toEqual([expect.stringContaining('*shop:pay* had to be killed')]);
});

function untoldAlerts(bot: BotUnderTest): number {
  return rows(bot, 'select id from alerts where told_revision < revision').length;
}

function watched(bot: BotUnderTest): readonly unknown[] {
  return rows(bot, 'select agent from watched').map(({ agent }) => agent);
}

function rows({ team }: BotUnderTest, query: string) {
  return team.records.journal.run((database) => database.prepare(query).all());
}
