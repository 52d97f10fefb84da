import { describe, expect, it } from 'vitest';
import type { NotedAgent } from '../../../../src/domain/stop-record.ts';
import { tableOf } from '../../../../src/supervisor/process/process-table.ts';
import { leftOf } from '../../../../src/supervisor/process/stop-target.ts';

const noted: NotedAgent = {
  bootId: 'this-boot',
  incarnation: { pid: 12, startTime: '1', bootId: 'this-boot' },
  processes: [
    { pid: 10, startTime: '1', part: 'loop' },
    { pid: 11, startTime: '1', part: 'loop' },
    { pid: 12, startTime: '1', part: 'agent' },
    { pid: 13, startTime: '1', part: 'agent' },
  ],
};
const launcher = { pid: 10, ppid: 5, sid: 10 };
const wrapper = { pid: 11, ppid: 10, sid: 10 };
const agent = { pid: 12, ppid: 11, sid: 10 };
const child = { pid: 13, ppid: 12, sid: 13 };

describe('what is left of an agent that was noted', () => {
  it('is everything, while nothing has happened', () => {
    expect(left([launcher, wrapper, agent, child])).toEqual([
      [10, 'loop'],
      [11, 'loop'],
      [12, 'agent'],
      [13, 'agent'],
    ]);
  });

  it('is nothing once all of it is gone', () => {
    expect(left([{ pid: 20, ppid: 1, sid: 20 }])).toEqual([]);
  });

  it('is nothing after a reboot, whoever has its pids now', () => {
    expect(left([launcher, wrapper, agent, child], 'next-boot')).toEqual([]);
  });

  it('is not what uses one of its pids again, nor what that has started', () => {
    const stranger = { pid: 13, ppid: 1, sid: 13, startTime: '999' };

    expect(left([stranger, { pid: 14, ppid: 13, sid: 13 }])).toEqual([]);
  });

  it('holds what the agent has forked since, also where the parent has gone', () => {
    const forked = { pid: 14, ppid: 12, sid: 10 };
    const orphan = { pid: 15, ppid: 1, sid: 13 };

    expect(left([agent, forked])).toEqual([
      [12, 'agent'],
      [14, 'agent'],
    ]);
    expect(left([launcher, wrapper, orphan])).toEqual([
      [10, 'loop'],
      [11, 'loop'],
      [15, 'agent'],
    ]);
  });

  it('holds what is left behind in a terminal whose launcher has gone', () => {
    expect(left([{ pid: 14, ppid: 1, sid: 10 }])).toEqual([[14, 'agent']]);
  });

  it('is not the next life that the same loop has begun', () => {
    const nextLife = { pid: 40, ppid: 11, sid: 10 };

    expect(left([launcher, wrapper, nextLife])).toEqual([
      [10, 'loop'],
      [11, 'loop'],
    ]);
  });

  it('is never a tmux server, nor Muster itself, though the agent started them', () => {
    const server = { pid: 30, ppid: 12, sid: 30, name: 'tmux: server' };
    const inServer = { pid: 31, ppid: 30, sid: 31 };
    const muster = { pid: process.pid, ppid: 12, sid: 10 };

    expect(left([agent, server, inServer, muster])).toEqual([[12, 'agent']]);
  });
});

interface Row {
  pid: number;
  ppid: number;
  sid: number;
  startTime?: string;
  name?: string;
}

function row({ startTime = '1', name = 'sh', ...rest }: Row) {
  return { ...rest, startTime, name, state: 'S' };
}

function left(rows: readonly Row[], boot = 'this-boot'): readonly (readonly [number, string])[] {
  const table = tableOf(rows.map(row), () => []);
  return leftOf(noted, table, boot).map(({ pid, part }) => [pid, part] as const);
}
