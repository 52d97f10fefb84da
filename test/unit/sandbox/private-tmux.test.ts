import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endPrivateTmuxServers } from '../../../src/sandbox/private-tmux.ts';
import { identify } from '../../../src/sandbox/process-identity.ts';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;

test.skipIf(!hasTmux)(
  'a private tmux server ends with what ignores the end of its terminal (needs tmux)',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tmux-test-'));
    const tmux = (...args: string[]) =>
      execFileSync('tmux', ['-f', '/dev/null', ...args], {
        env: { PATH: process.env.PATH, TMUX_TMPDIR: directory },
        encoding: 'utf8',
      });
    tmux('new-session', '-d', `trap '' HUP TERM INT; touch ${directory}/stubborn; while :; do sleep 1; done`);
    await expect
      .poll(() => spawnSync('test', ['-e', join(directory, 'stubborn')]).status, { interval: 10 })
      .toBe(0);
    const pane = Number(tmux('list-panes', '-a', '-F', '#{pane_pid}'));

    await endPrivateTmuxServers(directory);

    await expect.poll(() => identify(pane), { interval: 10 }).toBeUndefined();
    rmSync(directory, { recursive: true, force: true });
  },
);
