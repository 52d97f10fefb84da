import { readdirSync } from 'node:fs';
import process from 'node:process';
import { expect, test } from 'vitest';
import { hasProc } from '../../../../src/supervisor/process/process-table.ts';
import { locateAgents } from '../../../../src/supervisor/tmux/find.ts';
import { specOf } from '../process/found-agents.ts';

const dev = specOf('dev');

test.runIf(hasProc)(
  'an agent is unknown, not stopped, where its tmux server lives and cannot be seen',
  async () => {
    // A thread lives, and is in no list of processes.
    const serverPid = Math.max(...readdirSync(`/proc/${process.pid}/task`).map(Number));

    const whereabouts = await locateAgents([paneOf(serverPid)], '/srv/team', [dev]);

    expect(whereabouts).toMatchObject({ kind: 'unknown' });
  },
);

test('an agent whose tmux server has gone since it answered is stopped', async () => {
  const whereabouts = await locateAgents([paneOf(2 ** 30)], '/srv/team', [dev]);

  expect(whereabouts).toMatchObject({ kind: 'known', agents: [{ lead: undefined, panes: [] }] });
});

function paneOf(serverPid: number) {
  const ids = { sessionId: '$1', windowId: '@1', id: '%1' };
  return { serverPid, session: dev.session, ...ids, pid: 2 ** 30 + 1, dead: false, command: dev.wrapper };
}
