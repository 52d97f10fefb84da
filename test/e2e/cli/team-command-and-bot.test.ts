import { describe, expect, test } from 'vitest';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';
import { type Terminal, terminalIn } from '../../fakes/bot/e2e-host.ts';
import { directoryForTest } from '../../fakes/bot/e2e-program.ts';
import { until } from '../../fakes/until.ts';

const projects = {
  shop: projectFile('shop', { managers: { lead: 'polite' }, workers: { mule: 'stubborn' } }),
};

/** Somebody on the host of this bot. */
function terminalBeside(bot: E2eBot): Terminal {
  return terminalIn(directoryForTest(), { ...bot.env, TEAM_ROOT: bot.team.root, SUDO_USER: 'ana' });
}

async function alertsOf(bot: E2eBot, atLeast: number) {
  await until(`there are ${atLeast} alerts`, () => bot.slack.messages('alerts').length >= atLeast);
  return bot.slack.messages('alerts');
}

describe('a forced kill ordered on the host', () => {
  test('is told once in the alert channel by the bot that runs, with its receipt, and nowhere else', async () => {
    const bot = await startE2eBotForTest({ team: { projects } });
    const before = bot.slack.messages('ops').length;

    expect((await terminalBeside(bot).type('drain', 'shop:mule')).code).toBe(3);

    const [alert] = await alertsOf(bot, 1);
    expect(alert?.text).toMatch(/\*shop:mule\* had to be killed \(`TimedOutKilled`\)/);
    expect(alert?.text).toMatch(/Asked by ana@\S+ on the host: muster drain shop:mule, /);
    const thread = () => bot.slack.thread(alert?.ts ?? '').slice(1);
    await until('its receipt is there', () => thread().length > 0);
    expect(thread()).toHaveLength(1);
    expect(bot.slack.messages('ops')).toHaveLength(before);

    expect((await bot.sayAndWait('bo', '/team status')).text).toContain('1 left down');
    await bot.end('SIGTERM');
    await bot.startAgain();
    // Of another one the bot tells only after it has looked at this one again.
    await bot.sayAndWait('dee', '/team up shop:mule');
    await terminalBeside(bot).type('drain', 'shop:mule', '1s');
    expect(await alertsOf(bot, 2)).toHaveLength(2);
    expect(thread()).toHaveLength(1);
  });

  test('while the bot was down is told when it is back', async () => {
    const bot = await startE2eBotForTest({ team: { projects } });
    await bot.end('SIGTERM');
    expect((await terminalBeside(bot).type('drain', 'shop:mule')).code).toBe(3);
    expect(bot.slack.messages('alerts')).toEqual([]);

    await bot.startAgain();

    const [alert] = await alertsOf(bot, 1);
    expect(alert?.text).toMatch(/on the host: muster drain shop:mule/);
  });

  test('by a host command that died in the middle is done and told by the bot', async () => {
    const bot = await startE2eBotForTest({ team: { projects, drainSeconds: 3 } });
    const drain = terminalBeside(bot).begin('drain', 'shop:mule');
    await drain.prints(/shop:mule {2}asked to stop/);
    drain.process.kill('SIGKILL');

    const [alert] = await alertsOf(bot, 1);

    expect(alert?.text).toMatch(/\*shop:mule\* had to be killed \(`TimedOutKilled`\)/);
    expect(bot.team.pid('shop:mule')).toBeUndefined();
    expect(bot.team.lives('shop:mule')).toHaveLength(1);
    const { stdout } = await terminalBeside(bot).type('history', 'shop', '--json');
    expect(stdout.match(/"receipt": "R-/g)).toHaveLength(1);
  });
});

test('while the bot is at work on a project the host command says who asked for what, and touches nothing', async () => {
  const bot = await startE2eBotForTest({ team: { projects, drainSeconds: 4 } });
  const lead = bot.team.pid('shop:lead');
  const card = await bot.say('ana', '/team drain shop:mule');
  await bot.edited(card, (text) => text.includes('shop:mule · draining'));

  const refused = await terminalBeside(bot).type('restart', 'shop:lead');

  expect(refused.code).toBe(1);
  expect(refused.stdout).toBe('');
  expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(
    /^shop is busy with \/team drain shop:mule, asked by U\w+ at \d\d:\d\d:\d\d \(O-\w{6}\), in another Muster on this host \(pid \d+\)\. Nothing was touched;/,
  );
  expect(bot.team.pid('shop:lead')).toBe(lead);
  await bot.idle();
});

test('what a bot that died left is settled by the host command, and told in its own message when the bot is back', async () => {
  const bot = await startE2eBotForTest({ team: { projects, drainSeconds: 3 } });
  const card = await bot.say('ana', '/team drain shop:mule');
  await bot.edited(card, (text) => text.includes('shop:mule · draining'));
  await bot.end('SIGKILL');

  const status = await terminalBeside(bot).type('up', 'shop:lead');
  expect(status.stdout.replace(/\s+/g, ' ')).toMatch(
    /^First what a Muster left that ended in the middle of it: \/team drain shop:mule \(O-\w+\), asked by U/,
  );
  expect(status.stdout).toMatch(/shop:mule had to be killed \(TimedOutKilled\)/);
  expect(bot.team.pid('shop:mule')).toBeUndefined();

  await bot.startAgain();
  await bot.edited(card, (text) => text.includes('1 agent had to be killed (TimedOutKilled)'));
  expect(await alertsOf(bot, 1)).toHaveLength(1);
});
