import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { projectFile, writeTeam } from '../../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';
import { type Inside, insideOf } from '../../fakes/bot/inside-the-bot.ts';
import { countOf, filesIn } from '../../fakes/process-count.ts';
import { rounds } from '../../fakes/rounds.ts';
import { until } from '../../fakes/until.ts';

const commands = rounds('commands after which nothing has grown', { test: 150, soak: 10_000 });
const warmUp = 50;
/** Nobody may ask more than twenty times a minute. */
const people = Array.from(
  { length: Math.ceil((commands + warmUp) / 15) },
  (_, index) => `p${10_000 + index}`,
);
const mostMb = 150;
/** Of the heap: what comes and goes, and what each command may leave; its table would be many times that. */
const mostBytes = 8_000_000 + commands * 500;

test(
  'commands, clicks, new connections and faults leave nothing behind in the bot: no memory, no descriptor, no process, no file',
  async () => {
    const settings: NodeJS.ProcessEnv = {};
    let inside: Inside | undefined;
    const bot = await startE2eBotForTest({
      team(directory) {
        inside = insideOf(directory);
        settings.NODE_OPTIONS = inside.option;
        return writeTeam(directory, {
          projects: { shop: projectFile('shop', { workers: { pay: 'polite', cart: 'polite' } }) },
        });
      },
      settings,
      slack: { people: [...people, 'ana', 'dee'].map((name) => ({ name })) },
    });
    const pid = bot.process.pid ?? 0;
    await ask(bot, 0, warmUp);
    const before = await atRest(bot, inside, pid);
    await ask(bot, warmUp, commands).catch((cause: unknown) => {
      const last = bot.log().split('\n').slice(-30).join('\n');
      throw new Error(`the bot (exit code ${bot.process.exitCode}) said last:\n${last}`, { cause });
    });
    const after = await atRest(bot, inside, pid, before);

    expect(after.heap - before.heap).toBeLessThan(mostBytes);
    await bot.end('SIGTERM');
    await bot.startAgain({ NODE_OPTIONS: '' });
    expect(countOf(bot.process.pid ?? 0).rssMb).toBeLessThan(mostMb);
  },
  commands * 100 + 90_000,
);

/** Ten at a time, of every kind; every fifty of them the connection is renewed or breaks. */
async function ask({ slack, log }: E2eBot, from: number, count: number): Promise<void> {
  const doneBefore = donesIn(log());
  let acked = 0;
  const clear = slack.faults.add({
    kind: 'server-error',
    every: 15,
    accepted: true,
    method: 'chat.postMessage',
  });
  for (let turn = from; turn < from + count; turn += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => one(turn + index)));
    if (turn % 50 !== 0) continue;
    for (const socket of slack.sockets)
      turn % 100 === 0 ? socket.drop() : socket.disconnect('refresh_requested');
    await slack.waitForSockets((open) => open > 0);
    // Slack acks sooner than work is done: what is asked for may not pile up.
    await until('what was asked for is done', () => donesIn(log()) - doneBefore >= acked, 60_000);
  }
  clear();

  async function one(turn: number): Promise<void> {
    const person = people[Math.floor(turn / 10) % people.length] ?? '';
    const texts = [
      '/team help',
      '/team status --me',
      '/team status shop',
      '/team nothing',
      '/team status nobody',
    ];
    const { kind } = await slack.slash(person, 'ops', texts[turn % texts.length] ?? '');
    if (kind === 'acked') acked += 1;
    else await slack.waitForSockets((open) => open > 0);
  }
}

/** A line for each command. */
function donesIn(log: string): number {
  return log.match(/ INFO (?:not )?done /g)?.length ?? 0;
}

interface Look {
  /** What is the same however much was asked. */
  readonly flat: Readonly<Record<string, number>>;
  readonly heap: number;
}

/** What is under way is over when two looks say the same, and nothing is more than it was `before`. */
async function atRest(bot: E2eBot, inside: Inside | undefined, pid: number, before?: Look): Promise<Look> {
  if (inside === undefined) throw new Error('nobody is inside');
  let last = await look(bot, inside, pid);
  try {
    return await until(
      'the bot has come to rest',
      async () => {
        const now = await look(bot, inside, pid);
        const isSame = JSON.stringify(now.flat) === JSON.stringify(last.flat);
        last = now;
        return isSame && bot.slack.sockets.length === 1 && grownSince(before, now).length === 0
          ? now
          : undefined;
      },
      30_000,
    );
  } catch (cause) {
    throw new Error(`has grown: ${grownSince(before, last).join(', ') || 'nothing, but it never rests'}`, {
      cause,
    });
  }
}

function grownSince(before: Look | undefined, { flat }: Look): readonly string[] {
  if (before === undefined) return [];
  return Object.entries(flat).flatMap(([name, now]) => {
    const was = before.flat[name] ?? 0;
    return now > was ? [`${name} from ${was} to ${now}`] : [];
  });
}

async function look(bot: E2eBot, inside: Inside, pid: number): Promise<Look> {
  const { heap, resources } = await inside.report(pid);
  const { descriptors, sockets, threads, children } = countOf(pid);
  const files = filesIn(dirname(bot.team.root)).filter((path) => !/inside-|tmux\//.test(path)).length;
  const { Timeout = 0, Immediate: _, ...handles } = resources;
  return { heap, flat: { descriptors, sockets, threads, children, files, timers: Timeout, ...handles } };
}
