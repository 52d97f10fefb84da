import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../packages/slack-stand-in/src/faults.ts';
import { kill, treesOf } from '../../src/sandbox/process-identity.ts';
import { until } from '../fakes/until.ts';
import type { Judge } from './judge.ts';
import { busyFor, type Made, type Outcome, order } from './orders.ts';
import { mule, type SoakWorld } from './world.ts';

/** One kind of harm. */
export interface Injection {
  readonly what: string;
  /** Why it cannot be done on this machine. */
  impossible?(world: SoakWorld): string | undefined;
  run(world: SoakWorld, judge: Judge): Promise<Outcome>;
}

const seconds = 4;

function underFaults(what: string, ...faults: readonly Fault[]): Injection {
  return {
    what,
    async run(world) {
      for (const fault of faults) world.slack.faults.add(fault);
      try {
        return await busyFor(world, seconds);
      } finally {
        world.slack.faults.clear();
      }
    },
  };
}

const droppedSockets: Injection = {
  what: 'every socket dropped, once a second',
  async run(world) {
    const dropping = setInterval(() => {
      for (const socket of world.slack.sockets) socket.drop();
    }, 1000);
    return await busyFor(world, seconds).finally(() => clearInterval(dropping));
  },
};

/** With the whole session, so that nothing but Muster can start it again. */
const agentDeath: Injection = {
  what: 'an agent killed on the host',
  async run(world, judge) {
    const { team, slack, server } = world;
    const agent =
      world.kept.filter((id) => id.startsWith('kept:'))[Math.floor(Math.random() * 5)] ?? 'kept:k0';
    const alerted = new Set<string>();
    const listen = (message: { readonly channel: string; readonly ts: string }) => {
      if (message.channel === slack.workspace.channel('alerts').id) alerted.add(message.ts);
    };
    slack.events.on('message', listen).on('edited', listen);
    const isTold = () =>
      slack.messages('alerts').some((each) => alerted.has(each.ts) && slack.read(each).includes(agent));
    const lost: string[] = [];
    await server.tmux('kill-session', '-t', `=e2e-${agent.replace(':', '-')}`);
    await until(`${agent} is dead`, () => team.pid(agent) === undefined);
    await until(`the death of ${agent} is told`, isTold, 20_000).catch((error: unknown) =>
      lost.push(String(error)),
    );
    slack.events.off('message', listen).off('edited', listen);
    await order(world, 'kept', `/team up ${agent}`);
    await until(`${agent} is up again`, () => team.pid(agent)).catch((error: unknown) =>
      lost.push(String(error)),
    );
    judge.renewed([agent]);
    return { commands: 1, lost };
  },
};

/** While an agent is drained that has to be killed. */
const botDeath: Injection = {
  what: 'Muster killed (SIGKILL) in the midst of a forced kill, and started again',
  async run(world) {
    const up = await order(world, 'mule', '/team up mule');
    const lives = world.team.lives(mule).length;
    const made = await order(world, 'mule', `/team drain ${mule} 1s`, async () => {
      await delay(Math.random() * 2500);
      await world.kill();
      await world.start();
    });
    const lost = onceAtMost(made);
    if (world.team.lives(mule).length !== lives) lost.push('a drain started an agent');
    const isDone = made.some(({ cancelled }) => cancelled === null);
    if (isDone === (world.team.pid(mule) !== undefined)) {
      lost.push(`${mule} was ${isDone ? '' : 'not '}drained, and its pid is ${world.team.pid(mule)}`);
    }
    return { commands: up.length + 1, lost };
  },
};

const tmuxDeath: Injection = {
  what: 'the tmux server killed with all agents in it',
  async run(world, judge) {
    const { server, team, everyAgent, projects } = world;
    const pid = await server.pid();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await until('the server has gone', async () => (await server.pid()) === undefined);
    // A hang-up would let them end by themselves, some day.
    const trees = await treesOf(everyAgent.flatMap((id) => team.pid(id) ?? []));
    await Promise.all(trees.map(kill));
    await until('all agents are dead', () => everyAgent.every((id) => team.pid(id) === undefined));
    for (const project of projects) await order(world, project, `/team up ${project}`);
    const dead = everyAgent.filter((id) => team.pid(id) === undefined);
    judge.renewed(world.kept);
    return { commands: projects.length, lost: dead.map((id) => `${id} is not up again`) };
  },
};

function clockJump(what: string, byMs: number): Injection {
  return {
    what,
    async run(world) {
      await world.inside.report(world.pid(), byMs);
      return await busyFor(world, seconds, true).finally(() => world.inside.report(world.pid(), 0));
    },
  };
}

const fullDisk: Injection = {
  what: 'the disk of the state directory full',
  impossible: ({ smallDisk }) => (smallDisk === undefined ? 'only root may mount a small disk' : undefined),
  async run(world) {
    const { smallDisk = '', team, slack } = world;
    const ballast = join(smallDisk, 'ballast');
    await order(world, 'alpha', '/team up alpha');
    fill(ballast, smallDisk);
    const lives = team.lives('alpha:a').length;
    const lost: string[] = [];
    const before = new Set(slack.messages('ops').map(({ ts }) => ts));
    const outcome = await slack.slash('alpha0', 'ops', '/team restart alpha:a');
    // What fits into the room that the journal has of its own is done; the reason is said of what does not.
    const answer = await slack
      .waitForMessage(
        (each) => !before.has(each.ts) && /Restarted alpha:a|journal|disk/.test(slack.read(each)),
        { timeoutMs: 30_000 },
      )
      .then((message) => slack.read(message))
      .catch((error: unknown) => {
        lost.push(`not told: ${String(error)}`);
        return '';
      });
    const done = team.lives('alpha:a').length - lives;
    if (/Restarted alpha:a/.test(answer) ? done !== 1 : /Nothing was touched/.test(answer) && done !== 0)
      lost.push(`alpha:a began ${done} lives, and what was said of it (${outcome.kind}) is: ${answer}`);
    rmSync(ballast);
    const after = await order(world, 'alpha', '/team restart alpha:a');
    if (after.length !== 1) {
      const last = slack.messages('ops').slice(-3);
      lost.push(`the next restart was not done: ${last.map((each) => slack.read(each)).join('\n')}`);
    }
    return { commands: 3, lost };
  },
};

function fill(path: string, directory: string): void {
  for (const size of [1 << 20, 1 << 12]) {
    for (;;) {
      const { bavail, bsize } = statfsSync(directory);
      if (bavail * bsize < size) break;
      writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    }
  }
}

function onceAtMost(made: readonly Made[]): string[] {
  const lost: string[] = [];
  if (made.length > 1) lost.push(`one command became ${made.length} operations`);
  if (made.some(({ finished_at }) => finished_at === null)) lost.push('an operation has no end');
  return lost;
}

const hour = 3_600_000;

export const injections: readonly Injection[] = [
  underFaults(
    'every 10th call 429, every 20th 500 after it was accepted, every envelope twice',
    { kind: 'rate-limited', every: 10, retryAfterSeconds: 1 },
    { kind: 'server-error', every: 20, accepted: true },
    { kind: 'duplicate-envelope' },
  ),
  botDeath,
  droppedSockets,
  agentDeath,
  underFaults(
    'every 5th answer 1.5 s late, every 3rd envelope 1 s late',
    { kind: 'slow', every: 5, delayMs: 1500 },
    { kind: 'late-envelope', every: 3, delayMs: 1000 },
  ),
  clockJump("Muster's clock set 5 hours forward, and right again", 5 * hour),
  tmuxDeath,
  fullDisk,
  clockJump("Muster's clock set 5 hours back, and right again", -5 * hour),
];
