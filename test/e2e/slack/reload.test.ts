import { afterAll, beforeAll, expect, test } from 'vitest';
import { otherModel, projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';

let bot: E2eBot;

beforeAll(async () => {
  bot = await startE2eBot({
    team: {
      drainSeconds: 2,
      projects: {
        shop: projectFile('shop', {
          managers: { lead: 'polite' },
          workers: { pay: 'polite', gone: 'polite', dead: 'polite' },
        }),
        mule: projectFile('mule', {
          managers: { lead: 'polite' },
          workers: { a: 'stubborn', b: 'stubborn', c: 'stubborn', d: 'polite' },
        }),
      },
    },
  });
});
afterAll(() => bot?.stop());

test('a reload restarts what changed, stops what went away, starts what is new or dead, and leaves the others alone', async () => {
  const [lead, pay] = [bot.team.pid('shop:lead'), bot.team.pid('shop:pay')];
  bot.team.edit('shop', otherModel('pay'));
  bot.team.edit('shop', (yaml) =>
    yaml.replace(/ {2}gone: .*\n/, '  fresh: { runtime: polite, model: m1 }\n'),
  );
  await bot.killOnHost('shop:dead');

  const card = await bot.sayAndWait('ana', '/team reload shop');

  expect(bot.team.pid('shop:lead')).toBe(lead);
  expect(bot.team.lives('shop:pay')).toEqual([pay, bot.team.pid('shop:pay')]);
  expect(bot.team.pid('shop:gone')).toBeUndefined();
  expect(bot.team.pid('shop:fresh')).toBeDefined();
  expect(bot.team.lives('shop:dead')).toHaveLength(2);
  expect(bot.team.pid('shop:dead')).toBeDefined();
  expect((await bot.tmux('list-sessions', '-F', '#{session_name}')).split('\n')).not.toContain(
    'e2e-shop-gone',
  );
  expect(card.text).toMatch(/^:white_check_mark: Reloaded \*shop\*: /);
  expect(bot.text(card)).toContain('shop:gone · Graceful');
});

test('what runs is written to state/applied.json, as teamctl would', () => {
  const applied = JSON.parse(bot.team.read('state/applied.json'));

  expect(applied.schema).toBe(2);
  expect(Object.keys(applied.agents)).toEqual([
    ...['mule:a', 'mule:b', 'mule:c', 'mule:d', 'mule:lead'],
    ...['shop:dead', 'shop:fresh', 'shop:lead', 'shop:pay'],
  ]);
  expect(applied.agents['shop:pay'].tmux_session).toBe('e2e-shop-pay');
  expect(applied.agents['shop:pay'].env_file).toBe(`${bot.team.root}/state/envs/shop-pay.env`);
  expect(bot.team.read('state/envs/shop-pay.env')).toContain('MODEL=m2\n');
});

test('a second reload finds nothing to do and touches nobody', async () => {
  const agents = ['shop:lead', 'shop:pay', 'shop:fresh', 'shop:dead'];
  const pids = agents.map((id) => bot.team.pid(id));

  const answer = await bot.sayAndWait('ana', '/team reload shop');

  expect(answer.text).toBe('*shop* is up to date: 4 agents running, nothing changed.');
  expect(agents.map((id) => bot.team.pid(id))).toEqual(pids);
});

test('an agent that had to be killed is flagged in the card, in the closing reply and, once, in the alert channel', async () => {
  const stubborn = ['mule:a', 'mule:b', 'mule:c'];
  const lead = bot.team.pid('mule:lead');
  for (const name of ['a', 'b', 'c', 'd']) bot.team.edit('mule', otherModel(name));

  const opening = await bot.say('ana', '/team reload mule');
  await bot.edited(opening, (text) => /mule:a · draining, \d+ s left/.test(text));
  await bot.idle();

  const card = bot.now(opening);
  const text = bot.text(card);
  expect(opening.text).toMatch(/^Reloading \*mule\*: /);
  expect(card.text).toMatch(
    /^:warning: \*3 agents had to be killed \(TimedOutKilled\)\.\* Reloaded \*mule\*/,
  );
  for (const id of stubborn) {
    expect(card.text).toContain(
      `*${id}* had to be killed (\`TimedOutKilled\`): it did not stop within its 2 s budget.`,
    );
    expect(text).toMatch(new RegExp(`${id} · TimedOutKilled after [\\d.]+ s, up again`));
    expect(bot.team.lives(id)).toHaveLength(2);
    expect(bot.team.pid(id)).toBeDefined();
  }
  expect(text).toMatch(/mule:d · Graceful after [\d.]+ s, up again/);
  expect(bot.team.pid('mule:lead')).toBe(lead);

  const replies = bot.slack.thread(card.ts).slice(1);
  expect(replies).toHaveLength(4);
  expect(replies.at(-1)?.text).toMatch(
    /^<@U0ANA000000> Reload of \*mule\* is over after [\d.]+ s: .*\. 3 agents had to be killed \(`TimedOutKilled`\): mule:a, mule:b, mule:c\.$/,
  );

  // The agent that was killed by hand before may have its own.
  const alerts = bot.slack.messages('alerts').filter(({ text }) => text.includes('mule:'));
  expect(alerts).toHaveLength(1);
  for (const id of stubborn)
    expect(alerts[0]?.text).toContain(`*${id}* had to be killed (\`TimedOutKilled\`)`);
  const receipts = bot.slack.thread(alerts[0]?.ts ?? '').slice(1);
  expect(receipts).toHaveLength(3);
  expect(bot.slack.read(receipts[0] as never)).toMatch(
    /Ordered by @ana with \/team reload mule[\s\S]*Budget 2 s, took [\d.]+ s\. Sent: Ctrl-C[\s\S]*KILL/,
  );
});

test('agents drain side by side: three stubborn ones cost one budget, not three', async () => {
  for (const name of ['a', 'b', 'c']) bot.team.edit('mule', otherModel(name, 'm3'));
  const logged = bot.log().length;

  const card = await bot.sayAndWait('ana', '/team reload mule');

  expect(bot.now(card).text).toContain('3 agents had to be killed');
  const kinds = [
    ...bot
      .log()
      .slice(logged)
      .matchAll(/ INFO (draining|drained) .*agent="mule:/g),
  ];
  const side = (kind: string) => [kind, kind, kind];
  expect(kinds.map(([, kind]) => kind)).toEqual([...side('draining'), ...side('drained')]);
});
