import { dirname } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import { readProcessTable } from '../../../src/supervisor/process/process-table.ts';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../../fakes/bot/e2e-bot.ts';
import { backendSkip } from '../../fakes/required-backend.ts';
import {
  type SystemdManager,
  startSystemdManager,
  systemdMissing,
} from '../../fakes/systemd/systemd-manager.ts';
import { until } from '../../fakes/until.ts';

const { skip, reason } = backendSkip('systemd', systemdMissing());

describe.skipIf(skip)(`alerts about agents on systemd${reason}`, () => {
  let manager: SystemdManager;
  let bot: E2eBot;

  beforeAll(async () => {
    manager = await startSystemdManager();
    bot = await startE2eBot({
      team: {
        backend: 'systemd',
        projects: { shop: projectFile('shop', { workers: { mule: 'stubborn', pay: 'polite' } }) },
      },
      env: manager.env,
    });
    await execa('git', ['init', '-q', dirname(bot.team.root)]);
  }, 120_000);

  afterAll(async () => {
    // Its agents end with it.
    await manager?.stop();
    await bot?.stop();
  });

  const read = (message: Pick<Message, 'ts'>) => bot.text(message).replace(/\s+/g, ' ');
  const alertsThatSay = (words: RegExp) =>
    bot.slack.messages('alerts').filter((message) => words.test(read(message)));
  const kills = () => alertsThatSay(/shop:mule had to be killed/);

  const examined = () => bot.log().match(/INFO examined/g)?.length ?? 0;
  /** What stands in the thread of the alert that comes after so many. */
  const receiptOf = (before: number) =>
    until('the receipt stands', () => bot.slack.thread(kills()[before]?.ts ?? '')[1], 40_000);

  test('a forced kill is one alert, with the whole receipt in its thread', async () => {
    await bot.sayAndWait('ana', '/team drain shop:mule');

    const receipt = await receiptOf(0);
    const [alert, ...more] = kills();

    expect(more).toEqual([]);
    expect(read(alert as Message)).toMatch(
      /shop:mule had to be killed \(TimedOutKilled\): it did not stop within its 1 s budget\. .*Asked by @\S+/,
    );
    expect(read(receipt)).toMatch(/Ordered by @\S+ with \/team drain shop:mule/);
    expect(read(receipt)).toMatch(/Budget 1 s, took \S+ s/);
    // On a busy host it is systemd's own time-out, a second behind, that comes to the last signal first.
    expect(read(receipt)).toMatch(/Sent: Ctrl-C after \S+ s, HUP after/);
    expect(read(receipt)).toMatch(/git has \d+ uncommitted files/);
    expect(bot.team.pid('shop:mule')).toBeUndefined();
    // What was asked for is nothing that happened by itself.
    expect(alertsThatSay(/· A-\w{6} ·/)).toEqual([]);
  });

  test('an agent that dies by itself is one alert, which says that systemd has started it again', async () => {
    const pid = await until('it runs', () => bot.team.pid('shop:pay'));
    const wrapper = (await readProcessTable()).get(pid)?.ppid ?? Number.NaN;

    // As on a host that is so busy that what has run the agent, and what the agent has left behind, stay for a while.
    process.kill(wrapper, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await until('it is told', () => alertsThatSay(/shop:pay died .*Its loop starts it again/).length === 1);
    process.kill(wrapper, 'SIGCONT');

    await until('it runs again', () => alertsThatSay(/shop:pay .*It runs again since/).length === 1, 40_000);
    const [alert, ...more] = alertsThatSay(/shop:pay/);
    expect(more).toEqual([]);
    expect(read(alert as Message)).toMatch(
      /shop:pay was killed \(SIGKILL\) after .*, and nobody had asked Muster for it\. .* its loop has started it again/,
    );
    await until('it has said so itself', () => bot.team.lives('shop:pay').length === 2);
  });

  test('a forced kill of which Slack takes the word and answers 500 is told once, with its receipt', async () => {
    await bot.sayAndWait('ana', '/team up shop:mule');
    const before = kills().length;
    // The second post, after the operation's own card.
    const fault = { kind: 'server-error', accepted: true, method: 'chat.postMessage' } as const;
    bot.slack.faults.add({ ...fault, every: 2, times: 1 });

    await bot.sayAndWait('ana', '/team drain shop:mule');

    // Only who has found the message again can answer in its thread.
    const receipt = await receiptOf(before);
    expect(bot.log()).toMatch(/a message is tried again id="A-\w{6}" .*statusCode = 500/);
    expect(kills()).toHaveLength(before + 1);
    expect(read(receipt)).toMatch(/Ordered by @\S+ with \/team drain shop:mule .*Sent: Ctrl-C after/);
  });

  test('a forced kill of which the bot was killed before it could say so is told once when it is back', async () => {
    await bot.sayAndWait('ana', '/team up shop:mule');
    const before = kills().length;
    const examinedBefore = examined();
    // The second post, after the operation's own card, never arrives.
    bot.slack.faults.add({ kind: 'hang', accepted: false, method: 'chat.postMessage', every: 2, times: 1 });
    await bot.slack.slash('ana', 'ops', '/team drain shop:mule');
    await until('it is killed', () => bot.team.pid('shop:mule') === undefined, 30_000);
    await until('the receipt is complete', () => examined() > examinedBefore, 30_000);
    await bot.end('SIGKILL');
    bot.slack.faults.clear();
    expect(kills()).toHaveLength(before);

    await bot.startAgain();
    const receipt = await receiptOf(before);

    expect(kills()).toHaveLength(before + 1);
    expect(read(receipt)).toMatch(/Ordered by @\S+ with \/team drain shop:mule .*Sent: Ctrl-C after/);
  });
});
