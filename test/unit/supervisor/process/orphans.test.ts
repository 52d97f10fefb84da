import { describe, expect, it } from 'vitest';
import type { NotedAgent } from '../../../../src/domain/stop-record.ts';
import { remainsOf } from '../../../../src/supervisor/process/orphans.ts';
import { tableOf } from '../../../../src/supervisor/process/process-table.ts';
import { specOf } from './found-agents.ts';

const spec = specOf('dev');
/** Beyond what the kernel gives to anybody: no process of this host has it. */
const first = 0x40_00_00_00;
const [launcher, wrapper, agent, other] = [first, first + 1, first + 2, first + 3];
const life: NotedAgent = {
  bootId: 'this-boot',
  incarnation: { pid: agent, startTime: '1', bootId: 'this-boot' },
  processes: [
    { pid: launcher, startTime: '1', part: 'loop' },
    { pid: wrapper, startTime: '1', part: 'loop' },
    { pid: agent, startTime: '1', part: 'agent' },
  ],
};

describe('what is left of an agent whose session has gone', () => {
  it('are the processes of its last life', () => {
    expect(remains([{ pid: agent, sid: launcher }])).toEqual([agent]);
  });

  it('is nothing after a reboot, whoever has its pids now', () => {
    expect(remains([{ pid: agent, sid: launcher }], { boot: 'next-boot' })).toEqual([]);
  });

  it('is not what has got one of its pids since', () => {
    expect(remains([{ pid: agent, sid: agent, startTime: '999' }])).toEqual([]);
  });

  it('is what else lives in the terminal session of one of them', () => {
    const rest = { pid: other, sid: launcher };

    expect(remains([{ pid: agent, sid: launcher }, rest])).toEqual([agent, other]);
  });

  it('is not a session of which nothing tells that it is the agent’s, though its leader had that pid', () => {
    expect(remains([{ pid: other, sid: launcher }])).toEqual([]);
  });

  it('is not a session that somebody leads who has got the launcher’s pid', () => {
    const leader = { pid: launcher, sid: launcher, startTime: '999' };

    expect(remains([leader, { pid: other, sid: launcher }])).toEqual([]);
  });

  it('is the wrapper that waits for it in a session without a leader, also where nobody has seen it before', () => {
    const argv = ['/bin/sh', spec.wrapper, 'shop:dev'];

    expect(remains([{ pid: other, sid: 77_777_777, argv }], { life: undefined })).toEqual([other]);
  });

  it.each([
    ['for another agent', ['/bin/sh', spec.wrapper, 'shop:dev2'], 77_777_777],
    ['of another team', ['/bin/sh', '/srv/other/bin/agent-wrapper.sh', 'shop:dev'], 77_777_777],
    ['that a unit of systemd keeps', ['/bin/sh', '/srv/launcher.sh', 'env', spec.wrapper, 'shop:dev'], other],
  ])('is no wrapper %s', (_, argv, sid) => {
    expect(remains([{ pid: other, sid, argv }], { life: undefined })).toEqual([]);
  });

  it('is never a tmux server', () => {
    expect(
      remains([
        { pid: agent, sid: launcher },
        { pid: other, sid: launcher, name: 'tmux: server' },
      ]),
    ).toEqual([agent]);
  });
});

interface Row {
  pid: number;
  sid: number;
  startTime?: string;
  name?: string;
  argv?: readonly string[];
}

function remains(
  rows: readonly Row[],
  asked: { life?: NotedAgent | undefined; boot?: string } = {},
): readonly number[] {
  const argvs = new Map(rows.map(({ pid, argv = [] }) => [pid, argv]));
  const processes = rows.map(({ pid, sid, startTime = '1', name = 'sh' }) => ({
    ...{ pid, sid, startTime, name },
    ppid: 1,
    state: 'S',
  }));
  const table = tableOf(processes, ({ pid }) => argvs.get(pid) ?? []);
  const found = remainsOf({ spec, root: '/srv/team', life, boot: 'this-boot', ...asked }, table);
  return found.map(({ pid }) => pid);
}
