import { afterAll, beforeAll, expect, test } from 'vitest';
import { otherModel, projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';

let bot: E2eBot;
const two = { managers: { lead: 'polite' }, workers: { pay: 'polite' } } as const;
const projects = ['shown', 'other', 'raced', 'changed', 'calm', 'zero', 'first', 'second'];

beforeAll(async () => {
  bot = await startE2eBot({
    operators: ['ana', 'cy'],
    team: { projects: Object.fromEntries(projects.map((name) => [name, projectFile(name, two)])) },
  });
});
afterAll(() => bot?.stop());

test('down shows what it would kill, to everybody, and kills nothing until its button is pressed', async () => {
  const pids = pidsOf('shown');

  const question = await bot.sayAndWait('ana', '/team down shown');

  const text = bot.text(question);
  expect(question.onlyVisibleTo).toBeUndefined();
  expect(text).toMatch(/Hard down of shown on \S+\? No drain: 2 agents are killed at once/);
  expect(text).toMatch(/shown:lead +│ running/);
  expect(text).toMatch(/shown:pay +│ running/);
  expect(text).toMatch(/Kill 2 agents.*Drain instead.*Cancel/);
  expect(text).toContain('For @ana only, for 2 min, for this state');
  expect(pidsOf('shown')).toEqual(pids);

  const card = await bot.press('ana', question, 'Kill 2 agents');

  expect(card.ts).toBe(question.ts);
  expect(card.text).toMatch(/^:white_check_mark: Hard down of \*shown\*: 2 killed\./);
  expect(pidsOf('shown')).toEqual([undefined, undefined]);
});

test('another operator’s press changes nothing and says who can press; the asker can cancel', async () => {
  const pids = pidsOf('other');
  const question = await bot.sayAndWait('ana', '/team down other');

  const whisper = await bot.press('cy', question, 'Kill 2 agents');

  expect(whisper.onlyVisibleTo).toBe(bot.slack.workspace.person('cy').id);
  expect(bot.text(whisper)).toContain('Only @ana, who asked, can answer this. Nothing was done.');
  expect(pidsOf('other')).toEqual(pids);

  const cancelled = await bot.press('ana', question, 'Cancel');

  expect(cancelled.text).toMatch(/^Cancelled by <@\w+>\. Nothing was touched/);
  expect(pidsOf('other')).toEqual(pids);
});

test('of two presses one counts, and the other is told that the question is closed', async () => {
  const question = await bot.sayAndWait('ana', '/team down raced');

  await Promise.all([
    bot.press('ana', question, 'Kill 2 agents'),
    bot.press('ana', question, 'Kill 2 agents'),
  ]);

  const whispers = bot.slack
    .messages('ops', 'ana')
    .filter(
      ({ onlyVisibleTo, text }) => onlyVisibleTo !== undefined && text.includes('This question is closed'),
    );
  expect(whispers).toHaveLength(1);
  expect(bot.now(question).text).toContain('2 killed');
  expect(pidsOf('raced')).toEqual([undefined, undefined]);
});

test('if an agent has changed since the card was shown nothing is killed, and the question is asked again', async () => {
  const [lead] = pidsOf('changed');
  const question = await bot.sayAndWait('ana', '/team down changed');
  await bot.killOnHost('changed:pay');

  const again = await bot.press('ana', question, 'Kill 2 agents');

  expect(bot.text(again)).toContain('Nothing was touched: since this question was shown, changed:pay');
  expect(bot.team.pid('changed:lead')).toBe(lead);

  const card = await bot.press('ana', again, 'Kill 1 agent');

  expect(card.text).toContain('1 killed');
  expect(pidsOf('changed')).toEqual([undefined, undefined]);
});

test('the same card can drain instead', async () => {
  const question = await bot.sayAndWait('ana', '/team down calm');

  const card = await bot.press('ana', question, 'Drain instead');

  expect(bot.text(card)).toMatch(/calm:pay · Graceful/);
  expect(pidsOf('calm')).toEqual([undefined, undefined]);
});

test('a drain with no time at all asks first', async () => {
  const pids = pidsOf('zero');

  const question = await bot.sayAndWait('ana', '/team drain zero:pay 0s');

  expect(bot.text(question)).toContain(
    'The budget is 0 s: 1 agent is asked once, not waited for, and killed.',
  );
  expect(pidsOf('zero')).toEqual(pids);

  await bot.press('ana', question, 'Kill 1 agent');

  expect(bot.team.pid('zero:pay')).toBeUndefined();
  expect(bot.team.pid('zero:lead')).toBe(pids[0]);
});

test('a reload that touches several projects asks first', async () => {
  const before = [bot.team.pid('first:pay'), bot.team.pid('second:pay')];
  bot.team.edit('first', otherModel('pay'));
  bot.team.edit('second', otherModel('pay'));

  const question = await bot.sayAndWait('ana', '/team reload');

  expect(bot.text(question)).toMatch(/It touches \d+ agents in \d projects\./);
  expect([bot.team.pid('first:pay'), bot.team.pid('second:pay')]).toEqual(before);
  await bot.press('ana', question, 'Cancel');
  expect([bot.team.pid('first:pay'), bot.team.pid('second:pay')]).toEqual(before);
});

function pidsOf(project: string): (number | undefined)[] {
  return [bot.team.pid(`${project}:lead`), bot.team.pid(`${project}:pay`)];
}
