import { describe, expect, it } from 'vitest';
import {
  type Process,
  parsePs,
  parseStat,
  tableOf,
} from '../../../../src/supervisor/process/process-table.ts';

const rest = '100 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 140390 3133440 410 18446744073709551615';

describe('the process table', () => {
  it.each(['cat', 'tmux: server', 'my (odd) name', ') S 1 1 1 (', ''])(
    'reads the kernel’s line of a process called "%s"',
    (name) => {
      expect(parseStat(`42 (${name}) S 7 100 ${rest}\n`)).toEqual({
        pid: 42,
        name,
        state: 'S',
        ppid: 7,
        sid: 100,
        startTime: '140390',
      });
    },
  );

  it('leaves out what has ended and only waits to be reaped', () => {
    const table = tableOf([entry({ pid: 2, state: 'Z' }), entry({ pid: 3 })], () => []);

    expect(table.get(2)).toBeUndefined();
    expect(table.childrenOf(1).map((process) => process.pid)).toEqual([3]);
  });

  it('reads what ps says on hosts without /proc', () => {
    const table = parsePs(
      [
        '    1     0     1 Ss   Sun Nov 22 17:51:07 2026 /sbin/launchd',
        '  812     1   812 S+   Sun Nov  2 07:01:09 2026 /bin/sh /srv/team/bin/agent-wrapper.sh shop:dev',
        '  813   812   812 Z+   Sun Nov  2 07:01:10 2026 (sleep)',
        '',
      ].join('\n'),
    );

    const [wrapper] = table.childrenOf(1);
    expect(wrapper).toEqual({
      pid: 812,
      ppid: 1,
      sid: 812,
      state: 'S',
      startTime: 'Sun Nov 2 07:01:09 2026',
      name: 'sh',
    });
    expect(wrapper && table.argvOf(wrapper)).toEqual([
      '/bin/sh',
      '/srv/team/bin/agent-wrapper.sh',
      'shop:dev',
    ]);
    expect(table.get(813)).toBeUndefined();
  });
});

function entry(values: Partial<Process>): Process {
  return { pid: 1, ppid: 1, sid: 1, startTime: '1', state: 'S', name: 'sh', ...values };
}
