import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from '../../../src/slack/commands/all-commands.ts';
import { otherModel, projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot, typed } from '../../fakes/bot/e2e-bot.ts';

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
    up: ['shop'],
  });
});
afterAll(() => bot?.stop());

test('status shows everybody in the channel who runs and who does not, trouble first', async () => {
  const answer = await bot.say('bo', '/team status');

  const table = bot.text(answer);
  expect(answer.onlyVisibleTo).toBeUndefined();
  expect(table).toMatch(/the whole team on \S+: 3 of 4 running · 1 stopped/);
  expect(table).toMatch(/agent +│ state +│ last stop +│ notes/);
  expect(table).toMatch(/blog:writer +│ stopped/);
  expect(table).toMatch(/shop:pay +│ running since \d\d:\d\d/);
  expect(table.indexOf('blog:writer')).toBeLessThan(table.indexOf('shop:cart'));
  expect(answer.text).toBe('the whole team: 3 of 4 running · 1 stopped (blog:writer stopped)');
});

test('a status of one project or one agent shows nobody else', async () => {
  const project = bot.text(await bot.say('bo', '/team status shop'));
  const agent = bot.text(await bot.say('bo', '/team status shop:pay'));

  expect(project).toContain('shop:cart');
  expect(project).not.toContain('blog:');
  expect(agent).toContain('shop:pay');
  expect(agent).not.toContain('shop:cart');
});

test('a status with --me is for the asker alone', async () => {
  const answer = await bot.say('bo', '/team status --me');

  expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('bo').id);
  expect(bot.text(answer)).toContain('3 of 4 running');
});

test('help is for the asker alone, and has every command in it', async () => {
  const answer = await bot.say('bo', '/team help');

  expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('bo').id);
  for (const { name, usage } of commands) expect(bot.text(answer)).toContain(`/team ${name} ${usage}`);
  expect(bot.text(answer)).toContain('You may look, not change.');
});

test('/team alone is help', async () => {
  const answer = await bot.say('ana', '/team');

  expect(bot.text(answer)).toContain('/team status');
  expect(bot.text(answer)).toContain('You may look and change.');
});

test.each([
  ['/team status shpo', 'There is no project shpo. Did you mean shop?'],
  ['/team status shop:pya', 'There is no agent shop:pya. Did you mean shop:pay?'],
  ['/team reload shpo', 'There is no project shpo. Did you mean shop?'],
  ['/team stauts', 'Did you mean /team status?'],
])('%s gets a hint at what was meant, and only the asker reads it', async (text, hint) => {
  const answer = await bot.say('ana', text);

  expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('ana').id);
  expect(bot.text(answer)).toContain(hint);
});

test('up starts what does not run, and says so in the channel', async () => {
  const card = await bot.sayAndWait('ana', '/team up blog:writer');

  expect(bot.team.pid('blog:writer')).toBeDefined();
  expect(card.onlyVisibleTo).toBeUndefined();
  expect(card.text).toMatch(/^:white_check_mark: Brought up \*blog:writer\*: 1 started\. Asked by <@/);
});

test('up of what runs already changes nothing', async () => {
  const pid = bot.team.pid('blog:writer');

  const card = await bot.sayAndWait('ana', '/team up blog:writer');

  expect(card.text).toContain('is up already: 1 agent running.');
  expect(bot.team.pid('blog:writer')).toBe(pid);
});

test('a dry run of a reload is for the asker alone, and touches nothing', async () => {
  const pid = bot.team.pid('shop:pay');
  bot.team.edit('shop', otherModel('pay'));

  const answer = await bot.sayAndWait('ana', '/team reload shop --dry-run');

  expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('ana').id);
  expect(bot.text(answer)).toMatch(/replace +shop:pay \(env changed\)/);
  expect(bot.team.pid('shop:pay')).toBe(pid);
});

test('reload replaces what changed', async () => {
  const pid = bot.team.pid('shop:pay');

  await bot.sayAndWait('ana', '/team reload shop');

  expect(bot.team.pid('shop:pay')).not.toBe(pid);
  expect(bot.team.pid('shop:pay')).toBeDefined();
});

test('restart drains one agent and starts it again, and nobody else', async () => {
  const [pay, cart] = [bot.team.pid('shop:pay'), bot.team.pid('shop:cart')];

  const card = await bot.sayAndWait('ana', '/team restart shop:pay');

  expect(card.text).toMatch(/^:white_check_mark: Restarted \*shop:pay\*: 1 restarted\./);
  expect(bot.team.pid('shop:pay')).toBeDefined();
  expect([bot.team.pid('shop:pay') === pay, bot.team.pid('shop:cart')]).toEqual([false, cart]);
});

test('logs show an operator alone what an agent printed last', async () => {
  const answer = await bot.sayAndWait('ana', '/team logs shop:pay');

  expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('ana').id);
  expect(answer.text).toMatch(/^\*shop:pay\* on \S+, its last \d+ lines?:$/);
});

test('drain stops an agent that hears the request, and calls it Graceful', async () => {
  const card = await bot.sayAndWait('ana', '/team drain blog:writer');

  expect(bot.text(card)).toMatch(/blog:writer · Graceful after/);
  expect(bot.team.pid('blog:writer')).toBeUndefined();
});

test('down asks first', async () => {
  const question = await bot.sayAndWait('ana', '/team down shop:cart');

  expect(question.text).toContain('Hard down of *shop:cart*');
  expect(bot.team.pid('shop:cart')).toBeDefined();
});

test('why says to the asker alone who wanted an agent down', async () => {
  const answer = await bot.sayAndWait('bo', '/team why blog:writer');

  expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('bo').id);
  expect(bot.text(answer)).toMatch(/It is wanted down, by @ana since/);
});

test('history lists what was asked for, by whom, with the verdict', async () => {
  const answer = await bot.sayAndWait('bo', '/team history blog');

  expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('bo').id);
  expect(bot.text(answer)).toMatch(/\/team drain blog:writer .* by @ana/);
});

test('mute silences the alerts of a project, and unmute tells them again', async () => {
  const muted = await bot.sayAndWait('ana', '/team mute blog 30m');
  const over = await bot.sayAndWait('ana', '/team unmute blog');

  expect(muted.text).toMatch(/blog/);
  expect(bot.text(over)).toContain('Alerts about blog are told again');
});

test('every command there is was typed above', () => {
  expect([...typed].filter((verb) => commands.some(({ name }) => name === verb)).sort()).toEqual(
    commands.map(({ name }) => name).sort(),
  );
});
