import { afterAll, beforeAll, expect, test } from 'vitest';
import { otherModel, projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';

let bot: E2eBot;
let pids: readonly (number | undefined)[];
const agents = ['shop:lead', 'shop:pay'];
const changes = [
  '/team up shop',
  '/team reload shop',
  '/team drain shop',
  '/team restart shop:pay',
  '/team down shop',
];

beforeAll(async () => {
  bot = await startE2eBot({
    team: {
      projects: { shop: projectFile('shop', { managers: { lead: 'polite' }, workers: { pay: 'polite' } }) },
    },
    slack: {
      channels: [
        { name: 'ops' },
        { name: 'alerts' },
        { name: 'elsewhere' },
        { name: 'uninvited', withBot: false },
      ],
    },
    settings: { SLACK_CHANNELS: 'C0OPS000000,C0ALERTS000,C0UNINVITED' },
  });
  bot.team.edit('shop', otherModel('pay'));
  pids = now();
});
afterAll(() => bot?.stop());

test.each(changes)(
  'somebody who may only look cannot %s, and reads whom to ask and what to add',
  async (text) => {
    const answer = await bot.sayAndWait('bo', text);

    expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('bo').id);
    expect(bot.text(answer)).toMatch(/You may look but not change anything\. Ask one of @ana, @dee/);
    expect(bot.text(answer)).toContain('SLACK_OPERATORS=...,U0BO0000000');
    expect(now()).toEqual(pids);
  },
);

test('the buttons of a status are no way around it', async () => {
  const status = await bot.sayAndWait('bo', '/team status shop');

  const whisper = await bot.press('bo', status, 'Reload shop');

  expect(bot.text(whisper)).toContain('You may look but not change anything.');
  expect(now()).toEqual(pids);
});

test.each([
  ['gus', 'a guest'],
  ['eve', 'a stranger from another workspace'],
])('%s, %s, may not even look', async (person) => {
  for (const text of ['/team status', '/team down shop']) {
    const answer = await bot.sayAndWait(person, text);

    expect(bot.text(answer)).toMatch(
      /Muster answers only to (?:full members|people) of (?:this|its own) workspace/,
    );
    expect(bot.text(answer)).not.toContain('shop:pay');
  }
  expect(now()).toEqual(pids);
});

test.each(['/team status', '/team down shop'])(
  'in a channel that is not listed nobody gets %s',
  async (text) => {
    const answer = await bot.sayAndWait('ana', text, 'elsewhere');

    expect(bot.text(answer)).toContain('SLACK_CHANNELS=...,C0ELSEWHERE');
    expect(now()).toEqual(pids);
  },
);

test.each(['/team status', '/team reload shop', '/team drain shop', '/team down shop'])(
  'where the bot was not invited %s touches nothing and says /invite',
  async (text) => {
    const answer = await bot.sayAndWait('ana', text, 'uninvited');

    expect(answer.onlyVisibleTo).toBe(bot.slack.workspace.person('ana').id);
    expect(bot.text(answer)).toContain('/invite @Muster');
    expect(now()).toEqual(pids);
  },
);

test('with no operators at all nobody may change anything, and the log says so at the start', async () => {
  await bot.end('SIGTERM');
  await bot.startAgain({ SLACK_OPERATORS: '' });

  const answer = await bot.sayAndWait('ana', '/team down shop');

  expect(bot.text(answer)).toContain('Nobody may: SLACK_OPERATORS is empty.');
  expect(bot.log()).toContain('SLACK_OPERATORS is empty: nobody may change anything');
  expect(now()).toEqual(pids);
  expect(bot.text(await bot.sayAndWait('ana', '/team status'))).toContain('2 of 2 running');
});

test('viewers, where they are named, are the only ones besides operators who may look', async () => {
  await bot.end('SIGTERM');
  await bot.startAgain({ SLACK_VIEWERS: 'U0CY0000000' });

  expect(bot.text(await bot.sayAndWait('cy', '/team status'))).toContain('2 of 2 running');
  expect(bot.text(await bot.sayAndWait('ana', '/team status'))).toContain('2 of 2 running');
  expect(bot.text(await bot.sayAndWait('bo', '/team status'))).toContain('SLACK_VIEWERS=...,U0BO0000000');
});

function now(): readonly (number | undefined)[] {
  return agents.map((id) => bot.team.pid(id));
}
