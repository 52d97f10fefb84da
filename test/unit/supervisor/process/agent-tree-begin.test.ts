import { expect, test } from 'vitest';
import { growTree, isBetweenLives, leadOf } from '../../../../src/supervisor/process/agent-tree.ts';
import { type Process, tableOf } from '../../../../src/supervisor/process/process-table.ts';

const wrapper = '/srv/team/bin/agent-wrapper.sh';
const inWrapper = ['/bin/sh', wrapper, 'shop:lead'];

test('a pane whose process is still a fork of the tmux server is an agent about to begin, not one that ended', () => {
  const table = tableOfPrograms([{ pid: 10, ppid: 1, name: 'tmux: server', argv: ['tmux', 'new-session'] }]);

  const members = growTree({ wrapper, roots: [10], barred: new Set() }).update(table);

  expect(leadOf(members)?.pid).toBe(10);
});

test('a tmux server that an agent has started is no part of the agent', () => {
  const table = tableOfPrograms([
    { pid: 10, ppid: 1, name: 'sh', argv: inWrapper },
    { pid: 11, ppid: 10, name: 'claude', argv: ['claude'] },
    { pid: 12, ppid: 11, name: 'tmux: server', argv: ['tmux'] },
  ]);

  const members = growTree({ wrapper, roots: [10], barred: new Set() }).update(table);

  expect(members.map(({ process }) => process.pid)).toEqual([10, 11]);
});

test('a helper that sleeps while the program is about to be run does not make a pause between two lives', () => {
  const table = tableOfPrograms([
    { pid: 10, ppid: 1, name: 'sh', argv: inWrapper },
    { pid: 11, ppid: 10, name: 'sh', argv: inWrapper },
    { pid: 12, ppid: 11, name: 'sleep', argv: ['sleep', '1'] },
    { pid: 13, ppid: 10, name: 'sh', argv: inWrapper },
  ]);

  const members = growTree({ wrapper, roots: [10], barred: new Set() }).update(table);

  expect(isBetweenLives(members, table)).toBe(false);
});

test('a wrapper that itself sleeps stands between two lives', () => {
  const table = tableOfPrograms([
    { pid: 10, ppid: 1, name: 'sh', argv: inWrapper },
    { pid: 11, ppid: 10, name: 'sleep', argv: ['sleep', '5'] },
  ]);

  const members = growTree({ wrapper, roots: [10], barred: new Set() }).update(table);

  expect(isBetweenLives(members, table)).toBe(true);
});

interface Program {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly argv: readonly string[];
}

function tableOfPrograms(programs: readonly Program[]) {
  const argvs = new Map(programs.map(({ pid, argv }) => [pid, argv]));
  return tableOf(
    programs.map(
      ({ pid, ppid, name }): Process => ({ pid, ppid, name, sid: 10, state: 'S', startTime: `${pid}` }),
    ),
    ({ pid }) => argvs.get(pid) ?? [],
  );
}
