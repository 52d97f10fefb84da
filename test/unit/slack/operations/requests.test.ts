import { describe, expect, test } from 'vitest';
import { projectYaml, shopYaml } from '../../operations/team-under-test.ts';
import { startBot } from '../bot-under-test.ts';

const blog = projectYaml('blog', 'editor', []);
const twoProjects = { projects: { shop: shopYaml, blog } };
const stubbornPay = {
  'shop:pay': { drain: 'stubborn', lastLines: ['writing <!channel> invoice 17'] },
} as const;
const noBudget = {
  compose: 'version: 2\nsupervisor: { drain_timeout_secs: 0 }\nprojects:\n  - file: projects/shop.yaml\n',
  projects: { shop: shopYaml },
};

describe('/team down', () => {
  test('asks, and does nothing until its button is pressed', async () => {
    await using bot = await startBot();

    await bot.say('ana', '/team down shop');

    expect(bot.last().text).toMatch(
      /^Hard down of \*shop\* on build-1\? No drain: 3 agents are killed at once/,
    );
    expect(bot.team.supervisor.called('down')).toEqual([]);
  });

  test('kills when the person who asked says so, in the same message', async () => {
    await using bot = await startBot();
    await bot.say('ana', '/team down shop');
    const question = bot.last();

    await bot.press('ana', question, 'question_accept');

    expect([...bot.team.supervisor.called('down')].sort()).toEqual(['shop:cart', 'shop:lead', 'shop:pay']);
    expect(bot.last().ts).toBe(question.ts);
    expect(bot.last().text).toMatch(/^:white_check_mark: Hard down of \*shop\*: 3 killed\./);
  });

  test('drains instead when that is pressed', async () => {
    await using bot = await startBot();
    await bot.say('ana', '/team down shop');

    await bot.press('ana', bot.last(), 'question_drain');

    expect(bot.team.supervisor.called('down')).toEqual([]);
    expect(bot.team.supervisor.called('drain')).toHaveLength(3);
    expect(bot.last().text).toMatch(/Drained \*shop\*: 3 stopped/);
  });

  test('drain instead asks again where the budget is 0', async () => {
    await using bot = await startBot({ tree: noBudget });
    await bot.say('ana', '/team down shop');

    await bot.press('ana', bot.last(), 'question_drain');

    expect(bot.last().text).toMatch(/^Drain of \*shop\* on build-1\? The budget is 0 s/);
    expect(bot.team.supervisor.called('drain')).toEqual([]);
  });

  test('does nothing when it is cancelled', async () => {
    await using bot = await startBot();
    await bot.say('ana', '/team down shop');

    await bot.press('ana', bot.last(), 'question_cancel');

    expect(bot.last().text).toMatch(/^Cancelled by <@U0ANA000000>\. Nothing was touched/);
    expect(bot.last().blocks).toHaveLength(1);
    expect(bot.team.supervisor.called('down')).toEqual([]);
  });

  test('is not answered by another operator', async () => {
    await using bot = await startBot();
    await bot.say('ana', '/team down shop');
    const question = bot.last();

    await bot.press('bo', question, 'question_cancel');

    expect(bot.last().text).toMatch(/^Only <@U0ANA000000>, who asked, can answer this\./);
    expect(bot.last().onlyVisibleTo).toBe('U0BO0000000');
    await bot.press('ana', question, 'question_accept');
    expect(bot.team.supervisor.called('down')).toHaveLength(3);
  });

  test('of many clicks at once one counts, and the others get words', async () => {
    await using bot = await startBot();
    await bot.say('ana', '/team down shop:pay');
    const question = bot.last();

    await Promise.all(Array.from({ length: 15 }, () => bot.slack.press('ana', question, 'question_accept')));
    await bot.idle();

    expect(bot.team.supervisor.called('down')).toEqual(['shop:pay']);
    expect(
      bot.slack.messages('ops').filter(({ text }) => text.startsWith('This question is closed')),
    ).toHaveLength(14);
  });

  test('shows the difference and asks again when an agent changed under the question', async () => {
    await using bot = await startBot();
    await bot.say('ana', '/team down shop');
    bot.team.supervisor.set('shop:pay', { state: 'running' });

    await bot.press('ana', bot.last(), 'question_accept');

    expect(bot.team.supervisor.called('down')).toEqual([]);
    expect(bot.last().text).toMatch(
      /^Nothing was touched: since this question was shown, shop:pay has stopped and started again\./,
    );
    await bot.press('ana', bot.last(), 'question_accept');
    expect(bot.team.supervisor.called('down')).toHaveLength(3);
  });

  test('that finds nothing running asks nothing', async () => {
    await using bot = await startBot({ agents: { 'shop:pay': { state: 'stopped' } } });

    await bot.say('ana', '/team down shop:pay');

    expect(bot.last().text).toBe('*shop:pay* is stopped already: nothing to do.');
  });
});

describe('what asks first', () => {
  test.each([
    ['/team reload', 'a reload of several projects'],
    ['/team reload shop --force', 'a reload by force'],
    ['/team drain shop 0s', 'a drain without a budget'],
  ])('%s: %s', async (text) => {
    await using bot = await startBot({ tree: twoProjects });
    bot.team.write('projects/shop.yaml', shopYaml.replace('pay: {', 'pay: { model: other,'));
    bot.team.write('projects/blog.yaml', blog.replace('editor:', 'editor: { model: other }'));

    await bot.say('ana', text);

    expect(bot.last().text).toContain(' on build-1? ');
    expect(bot.team.supervisor.called('drain')).toEqual([]);
  });
});

describe('/team reload', () => {
  test('as a dry run shows the plan to the person alone and touches nothing', async () => {
    await using bot = await startBot({ agents: { 'shop:pay': { state: 'stopped' } } });
    const calls = bot.team.supervisor.calls.length;
    const before = bot.team.read('state/applied.json');

    await bot.say('ana', '/team reload shop --dry-run');

    expect(bot.last().onlyVisibleTo).toBe('U0ANA000000');
    expect(bot.last().text).toBe('Dry run of reload shop: 2 untouched, 1 dead. Nothing was touched.');
    expect(bot.team.supervisor.calls.slice(calls).map(({ verb }) => verb)).toEqual(['observe']);
    expect(bot.team.read('state/applied.json')).toBe(before);
  });

  test('of a team that is as it should be says so', async () => {
    await using bot = await startBot();

    await bot.say('ana', '/team reload shop');

    expect(bot.last().text).toBe('*shop* is up to date: 3 agents running, nothing changed.');
  });

  test('of many at once one runs, and the others are shown the first', async () => {
    await using bot = await startBot({ agents: { 'shop:pay': { state: 'stopped', delayMs: 400 } } });

    await Promise.all(Array.from({ length: 15 }, () => bot.slack.slash('ana', 'ops', '/team reload shop')));
    await bot.idle();

    const texts = bot.slack.messages('ops').map(({ text }) => text);
    expect(texts.filter((text) => text.includes('shop is busy with /team reload shop'))).toHaveLength(14);
    expect(texts.filter((text) => text.includes('Reloaded *shop*'))).toHaveLength(1);
  });
});

test.each(['drain shop', 'reload shop --force', 'down shop', 'restart shop:pay'])(
  '/team %s touches nothing while Muster is on its way out, and the person is told',
  async (words) => {
    await using bot = await startBot();
    const before = bot.team.supervisor.calls.length;
    bot.pause();

    await bot.say('ana', `/team ${words}`);

    expect(bot.last().text).toBe('Muster is being restarted. Nothing was touched; ask again in a moment.');
    expect(bot.last().onlyVisibleTo).toBe('U0ANA000000');
    expect(bot.team.supervisor.calls.slice(before).map(({ verb }) => verb)).not.toContain('drain');
    expect(bot.team.supervisor.called('down')).toEqual([]);
  },
);

describe.concurrent('a forced kill', () => {
  const drainPay = '/team drain shop:pay 1s';

  test('is told in the alert channel once, with its receipt and last lines in the thread', async () => {
    await using bot = await startBot({ agents: stubbornPay });

    await bot.say('ana', drainPay);

    const alerts = bot.slack.messages('alerts');
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.text).toMatch(/\*shop:pay\* had to be killed \(`TimedOutKilled`\)/);
    const thread = bot.slack.thread(alerts[0]?.ts ?? '').slice(1);
    expect(thread).toHaveLength(1);
    expect(JSON.stringify(thread[0]?.blocks)).toContain('writing <!channel> invoice 17');
    expect(JSON.stringify(thread[0]?.blocks)).toContain('rich_text_preformatted');
  });

  test('is flagged in the operation’s own message, and its thread closes with a mention', async () => {
    await using bot = await startBot({ agents: stubbornPay });

    await bot.say('ana', drainPay);

    const [card, ...replies] = bot.slack.thread(bot.last().ts);
    expect(card?.text).toMatch(/^:warning: \*1 agent had to be killed \(TimedOutKilled\)\.\*/);
    expect(replies.at(-1)?.text).toMatch(
      /^<@U0ANA000000> Drain of \*shop:pay\* is over after [\d.]+ s: 1 stopped\. 1 agent had to be killed/,
    );
    expect(JSON.stringify(replies)).not.toContain('invoice 17');
  });

  test('posts no second alert where the operation is shown in the alert channel, and its receipt has the last lines', async () => {
    await using bot = await startBot({ agents: stubbornPay, alertChannel: 'ops' });

    await bot.say('ana', drainPay);

    expect(bot.slack.messages('ops')).toHaveLength(1);
    expect(bot.slack.messages('alerts')).toEqual([]);
    expect(JSON.stringify(bot.slack.thread(bot.last().ts))).toContain('invoice 17');
  });

  test('of which the alert channel cannot be told is said in the closing reply', async () => {
    await using bot = await startBot({ agents: stubbornPay, alertChannel: 'random' });

    await bot.say('ana', drainPay);

    const closing = bot.slack.thread(bot.last().ts).at(-1);
    expect(closing?.text).toMatch(
      /The alert channel could not be told: .*not.?_.?in.?_.?channel\. Type `\/invite @Muster` there/,
    );
  });

  test('whose receipt cannot be posted is not called a failure that touched nothing', async () => {
    await using bot = await startBot({ agents: stubbornPay });
    bot.slack.events.once('message', () =>
      bot.slack.faults.add({ kind: 'refused', method: 'chat.postMessage', error: 'is_archived' }),
    );

    await bot.say('ana', drainPay);

    expect(bot.last().text).toMatch(/^:warning: \*1 agent had to be killed/);
    expect(bot.slack.messages('ops').filter(({ text }) => text.includes('nothing was touched'))).toEqual([]);
  });
});

describe('a card that cannot be posted', () => {
  test('keeps the operation from beginning, and the person is told', async () => {
    await using bot = await startBot();
    bot.slack.faults.add({ kind: 'refused', method: 'chat.postMessage', error: 'not_in_channel' });

    await bot.say('ana', '/team drain shop');

    expect(bot.team.supervisor.called('drain')).toEqual([]);
    expect(bot.last().onlyVisibleTo).toBe('U0ANA000000');
    expect(bot.last().text).toMatch(/^I cannot post in this channel .*nothing was touched/);
  });

  test('touches no agent of an up to date team, whose snapshot is settled all the same', async () => {
    await using bot = await startBot();
    bot.team.write('team-compose.yaml', `${bot.team.read('team-compose.yaml')}# a remark\n`);
    const before = bot.team.read('state/applied.json');
    bot.slack.faults.add({ kind: 'refused', method: 'chat.postMessage', error: 'not_in_channel' });

    await bot.say('ana', '/team reload shop');

    expect(bot.team.read('state/applied.json')).not.toBe(before);
    expect(bot.team.supervisor.called('drain')).toEqual([]);
    expect(bot.last().text).toMatch(/^I cannot post in this channel/);
  });
});
