import { describe, expect, it } from 'vitest';
import {
  growTree,
  isBetweenLives,
  leadOf,
  type Member,
  nextLifeAt,
} from '../../../../src/supervisor/process/agent-tree.ts';
import { runsWrapper } from '../../../../src/supervisor/process/loop-commands.ts';
import { type ProcessTable, tableOf } from '../../../../src/supervisor/process/process-table.ts';

const wrapper = '/srv/team/bin/agent-wrapper.sh';
const launcherArgv = `/bin/sh /app/launcher.sh /srv/team/state/envs/shop-dev.env ${wrapper} shop:dev`;
const wrapperArgv = `/bin/sh ${wrapper} shop:dev`;

interface Row {
  pid: number;
  ppid: number;
  sid: number;
  argv: string;
  startTime?: string;
  name?: string;
}

const loop: Row[] = [
  { pid: 10, ppid: 5, sid: 10, argv: launcherArgv },
  { pid: 11, ppid: 10, sid: 10, argv: wrapperArgv },
];
const agent: Row = { pid: 12, ppid: 11, sid: 10, argv: 'claude --model opus' };
const server: Row = { pid: 5, ppid: 1, sid: 5, argv: 'tmux -u new-session', name: 'tmux: server' };

describe('the tree of an agent', () => {
  it('tells the agent from the loop that keeps it running', () => {
    const members = grow().update(table([server, ...loop, agent]));

    expect(parts(members)).toEqual({ 10: 'loop', 11: 'loop', 12: 'agent' });
    expect(leadOf(members)?.pid).toBe(12);
  });

  it('takes for the agent, where no loop is to be seen, what none of the others started', () => {
    const members = [
      { pid: 10, ppid: 9, sid: 8, argv: 'sleep 1' },
      { pid: 9, ppid: 1, sid: 8, argv: 'claude' },
    ].flatMap((row): Member[] => {
      const process = table([row]).get(row.pid);
      return process ? [{ process, part: 'agent' }] : [];
    });

    expect(leadOf(members)?.pid).toBe(9);
  });

  it('holds the agent’s children, and orphans of its terminal', () => {
    const child = { pid: 13, ppid: 12, sid: 13, argv: 'mcp-server' };
    const orphan = { pid: 14, ppid: 1, sid: 10, argv: 'npm test' };
    const orphanOfChild = { pid: 15, ppid: 1, sid: 13, argv: 'helper' };

    const members = grow().update(table([server, ...loop, agent, child, orphan, orphanOfChild]));

    expect(parts(members)).toMatchObject({ 13: 'agent', 14: 'agent', 15: 'agent' });
  });

  it('remembers a session whose leader has gone', () => {
    const tree = grow();
    const child = { pid: 13, ppid: 12, sid: 13, argv: 'daemon' };
    const grandchild = { pid: 14, ppid: 13, sid: 13, argv: 'worker' };
    tree.update(table([server, ...loop, agent, child]));

    expect(parts(tree.update(table([server, { ...grandchild, ppid: 1 }])))).toEqual({ 14: 'agent' });
  });

  it('takes nothing from a session that somebody else leads, into which its root was born', () => {
    const shell = { pid: 40, ppid: 1, sid: 40, argv: 'bash' };
    const root = { pid: 41, ppid: 1, sid: 40, argv: 'claude' };
    const child = { pid: 42, ppid: 41, sid: 40, argv: 'mcp-server' };
    const job = { pid: 43, ppid: 1, sid: 40, argv: 'make' };

    const tree = growTree({ wrapper, roots: [41], barred: new Set() });

    expect(parts(tree.update(table([shell, root, child, job])))).toEqual({ 41: 'agent', 42: 'agent' });
  });

  it('is not fooled by a pid that is used again', () => {
    const tree = grow();
    tree.update(table([server, ...loop, agent]));

    const strangers = [
      { ...agent, ppid: 1, sid: 12, startTime: '999', argv: 'postgres' },
      { pid: 10, ppid: 1, sid: 10, startTime: '999', argv: 'nginx' },
      { pid: 20, ppid: 10, sid: 10, startTime: '1000', argv: 'nginx worker' },
    ];
    expect(tree.update(table([server, ...strangers]))).toEqual([]);
  });

  it('never holds what is barred, a tmux server, or what hangs below them', () => {
    const bot = { pid: 20, ppid: 12, sid: 10, argv: 'node main.ts' };
    const innerServer = { pid: 30, ppid: 12, sid: 30, argv: 'tmux', name: 'tmux: server' };
    const innerPane = { pid: 31, ppid: 30, sid: 31, argv: 'sh' };
    const tree = grow(new Set([20]));

    expect(
      Object.keys(parts(tree.update(table([server, ...loop, agent, bot, innerServer, innerPane])))),
    ).toEqual(['10', '11', '12']);
  });

  it('holds a pane’s process that has only just been forked from the server', () => {
    const justForked = { ...server, pid: 10, ppid: 5, sid: 10 };

    expect(parts(grow().update(table([server, justForked])))).toEqual({ 10: 'loop' });
  });

  it('knows the agent that was a mere fork of the wrapper when it was first seen', () => {
    const tree = grow();
    tree.update(table([server, ...loop, { ...agent, argv: wrapperArgv }]));

    expect(parts(tree.update(table([server, ...loop, agent])))).toMatchObject({ 11: 'loop', 12: 'agent' });
  });

  it('takes what the loop starts after the request for another life', () => {
    const tree = grow();
    tree.update(table([server, ...loop, agent]));
    tree.asked();

    const forked = { pid: 13, ppid: 12, sid: 10, argv: 'sync' };
    const again = { pid: 14, ppid: 11, sid: 10, argv: 'claude --model opus' };
    expect(parts(tree.update(table([server, ...loop, agent, forked, again])))).toMatchObject({
      12: 'agent',
      13: 'agent',
      14: 'next',
    });
  });

  it('takes a fork of the wrapper and what it does on the side for part of the loop', () => {
    const helper = { pid: 13, ppid: 11, sid: 10, argv: wrapperArgv };
    const grep = { pid: 14, ppid: 13, sid: 10, argv: 'grep -q Loading' };

    const members = grow().update(table([server, ...loop, helper, grep, agent]));

    expect(parts(members)).toMatchObject({ 13: 'loop', 14: 'loop', 12: 'agent' });
  });

  it('looks through teamctl’s rate-limit watch', () => {
    const watch = {
      pid: 12,
      ppid: 11,
      sid: 10,
      argv: 'teamctl --root /srv/team rl-watch shop:dev -- claude',
    };
    const watched = { pid: 13, ppid: 12, sid: 13, argv: 'claude' };

    expect(leadOf(grow().update(table([server, ...loop, watch, watched])))?.pid).toBe(13);
  });

  it('is all agent where no loop is to be seen', () => {
    const alone = { pid: 10, ppid: 5, sid: 10, argv: 'claude' };

    const members = grow().update(table([server, alone]));

    expect(parts(members)).toEqual({ 10: 'agent' });
    expect(leadOf(members)?.pid).toBe(10);
  });
});

describe('a loop is between two lives', () => {
  const sleep: Row = { pid: 12, ppid: 11, sid: 10, argv: 'sleep 5' };

  it.each<[string, Row[], boolean]>([
    ['while it sleeps', [...loop, sleep], true],
    [
      'while it sleeps, whatever an earlier life has left',
      [...loop, sleep, { ...agent, pid: 13, ppid: 1 }],
      true,
    ],
    [
      'while the rate-limit watch waits',
      [...loop, { ...sleep, argv: 'teamctl --root /r rl-watch a:b -- x' }],
      true,
    ],
    ['not while the agent lives', [...loop, agent], false],
    [
      'not while the agent lives and the wrapper’s helper sleeps',
      [...loop, agent, { ...sleep, pid: 14 }],
      false,
    ],
    ['not while it is starting', loop, false],
    ['in the longest pause of our wrapper', [...loop, { ...sleep, argv: 'sleep 300' }], true],
    ['not while the agent itself is a long sleep', [...loop, { ...sleep, argv: 'sleep 1000' }], false],
    ['not when there is none', [{ pid: 10, ppid: 5, sid: 10, argv: 'sleep 5' }], false],
  ])('%s', (_, rows, expected) => {
    const now = table([server, ...rows]);

    expect(isBetweenLives(grow().update(now), now)).toBe(expected);
  });

  it('until its sleep is over', () => {
    const until = (argv: string, startTime: string) => {
      const now = table([server, ...loop, { ...sleep, argv, startTime }]);
      return nextLifeAt(grow().update(now), now)?.getTime() ?? Number.NaN;
    };

    expect(until('sleep 160', '3000') - until('sleep 5', '1000')).toBe(20_000 + 155_000);
    expect(until('teamctl --root /r rl-watch a:b -- x', '1000')).toBeNaN();
    expect(until('claude', '1000')).toBeNaN();
  });
});

describe('the wrapper is recognised', () => {
  it.each([
    [['/bin/sh', wrapper, 'shop:dev'], true],
    [[wrapper, 'shop:dev'], true],
    [launcherArgv.split(' '), true],
    [['sh', '-c', `env A=b '${wrapper}' shop:dev`], true],
    [['env', 'A=b', 'C=d', 'E=f', 'G=h', wrapper, 'shop:dev'], true],
    [['/usr/bin/env', 'bash', 'terminal.sh', 'dev.env', wrapper, 'shop:dev'], true],
    [['claude', '--prompt', 'x', '--', 'a', wrapper], false],
    [[], false],
  ])('%j: %s', (argv, expected) => {
    expect(runsWrapper(argv, wrapper)).toBe(expected);
  });
});

function grow(barred: ReadonlySet<number> = new Set()) {
  return growTree({ wrapper, roots: [10], barred });
}

function table(rows: readonly Row[]): ProcessTable {
  const argv = new Map(rows.map((row) => [row.pid, row.argv.split(' ')]));
  const processes = rows.map(({ pid, ppid, sid, startTime = '1', name = 'sh' }) => ({
    ...{ pid, ppid, sid, startTime, name },
    state: 'S',
  }));
  return tableOf(processes, ({ pid }) => argv.get(pid) ?? []);
}

function parts(members: readonly Member[]): Record<number, string> {
  return Object.fromEntries(members.map(({ process, part }) => [process.pid, part]));
}
