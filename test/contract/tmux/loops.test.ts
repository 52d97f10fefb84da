import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { stubAgent } from '../../fakes/team/agent-tree-on-disk.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

/** Counts its lives in `$0.lives`; a stub that reads the keyboard raw, as the real agents' programs do. */
const counted = 'echo life >>"$0.lives"; echo $$ >"$0.pid"; ';
const programs = {
  'ends of Ctrl-C': `${counted}exec sleep 1000`,
  'ends politely': `${counted}trap 'kill $!; exit 0' INT; sleep 1000 & wait`,
  'reads the keyboard raw': `${counted}exec node '${stubAgent}' --raw`,
  'has an inner terminal': `${counted}exec script -qefc "node '${stubAgent}' --raw" /dev/null`,
};

/** The loop that teamctl writes, by what it does: for ever, five seconds between two lives. */
const endless = (shell: string) =>
  `#!${shell}\nwhile true; do\n  echo starting\n  PROGRAM\n  echo "exited ec=$? restarting in 5s"\n  sleep 5\ndone\n`;

const wrappers: Record<string, string | undefined> = {
  'our wrapper': undefined,
  'an endless loop in dash': '/bin/dash',
  'an endless loop in bash': '/bin/bash',
};

describe('on tmux, the restart loop cannot cheat a stop', () => {
  let harness: TmuxHarness;

  beforeEach(() => {
    harness = createTmuxHarness();
  });

  afterEach(() => harness.stop());

  async function started(agent: AgentSpec): Promise<AgentSpec> {
    await harness.supervisor.up(agent);
    await until(`${agent.id} is ready`, () => harness.isReady(agent));
    return agent;
  }

  function livesOf({ project, agent }: AgentSpec): number {
    return (
      readFileSync(join(harness.root, 'programs', `${project}-${agent}.lives`), 'utf8').split('\n').length - 1
    );
  }

  for (const [wrapperName, shell] of Object.entries(wrappers)) {
    for (const [programName, program] of Object.entries(programs)) {
      const missing = [shell, programName.includes('inner') ? '/usr/bin/script' : undefined].find(
        (needed) => needed !== undefined && !existsSync(needed),
      );
      const reason = missing === undefined ? '' : ` (skipped: there is no ${missing})`;

      it.skipIf(missing)(
        `a program that ${programName} under ${wrapperName} is Graceful, once and for all${reason}`,
        async () => {
          const wrapper = shell === undefined ? {} : { wrapper: endless(shell) };
          const agent = await started(harness.agent('dev', program, wrapper));
          if (program.includes('--raw')) {
            await until('it listens', async () =>
              (await harness.supervisor.lastLines(agent, 50)).join().includes('ready'),
            );
          }

          const result = await harness.supervisor.drain(agent, { budgetMs: 20_000 });

          expect(result).toMatchObject({ outcome: 'Graceful', survivors: [], strays: [] });
          expect(result.tookMs).toBeLessThan(5000);
          expect(livesOf(agent)).toBe(1);
          expect(harness.server.processes().filter((pid) => isBelow(pid, harness.root))).toEqual([]);
        },
      );
    }
  }

  it.each([
    ['a pipeline', 'PROGRAM | cat'],
    ['a subshell', '( PROGRAM; echo "ended ec=$?" )'],
  ])('a wrapper that runs the agent in %s is no other than the rest', async (_, command) => {
    const wrapper = `#!/bin/sh\nwhile true; do\n  ${command}\n  sleep 5\ndone\n`;
    const agent = await started(harness.agent('dev', programs['ends politely'], { wrapper }));

    const seen = (await harness.supervisor.observe([agent])).get(agent.id);
    const result = await harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(seen).toMatchObject({ state: 'running', incarnation: { pid: harness.pidOf(agent) } });
    expect(result).toMatchObject({ outcome: 'Graceful', survivors: [], strays: [] });
    expect(result.tookMs).toBeLessThan(5000);
    expect(livesOf(agent)).toBe(1);
  });

  it('an agent that teamctl started is found, asked and stopped like one of ours', async () => {
    const agent = harness.agent('dev', programs['ends politely']);
    const command = `env $(cat '${agent.envFile}') '${agent.wrapper}' ${agent.id}`;
    await harness.server.tmux(
      'new-session',
      '-d',
      '-s',
      agent.session,
      '-c',
      harness.root,
      'sh',
      '-c',
      command,
    );
    await until('it is ready', () => harness.isReady(agent));

    expect(await harness.supervisor.state(agent)).toBe('running');
    await harness.supervisor.up(agent);
    expect(livesOf(agent)).toBe(1);
    expect((await harness.supervisor.drain(agent, { budgetMs: 20_000 })).outcome).toBe('Graceful');
  });

  it('an agent that ends over and over is stopped and restarting, not running, and how it ended is known', async () => {
    const agent = harness.agent('dev', 'exit 3');

    await expect(harness.supervisor.up(agent)).rejects.toThrow('restart loop');

    expect((await harness.supervisor.observe([agent])).get(agent.id)).toMatchObject({
      state: 'stopped',
      restarting: true,
      lastEnd: { kind: 'exited', code: 3, at: expect.any(Date) },
    });
  });

  it('an agent that a signal ended is told from one that exited', async () => {
    const agent = harness.agent('dev', 'kill -SEGV $$');

    await expect(harness.supervisor.up(agent)).rejects.toThrow('signal SEGV');
  });

  it('an agent that takes the end of its session for a request is told from one that has done its work', async () => {
    const agent = await started(
      harness.agent('dev', `${counted}trap 'kill $!; exit 0' HUP; sleep 1000 & wait`),
    );

    await harness.server.tmux('kill-session', '-t', `=${agent.session}`);

    await until('how it ended is known', async () => {
      const seen = (await harness.supervisor.observe([agent])).get(agent.id);
      return seen?.state === 'stopped' && seen.lastEnd !== undefined;
    });
    expect((await harness.supervisor.observe([agent])).get(agent.id)).toMatchObject({
      state: 'stopped',
      restarting: false,
      lastEnd: { kind: 'exited', code: 0, askedBy: 'HUP' },
    });
  });

  it('a drain of a loop that sleeps is Graceful, asks nobody, and the loop is gone', async () => {
    const agent = harness.agent('dev', `${counted}exit 3`);
    await harness.supervisor.up(agent).catch(() => {});

    const result = await harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result).toMatchObject({ outcome: 'Graceful', signals: [] });
    expect((await harness.supervisor.observe([agent])).get(agent.id)).toMatchObject({
      state: 'stopped',
      restarting: false,
    });
    expect(livesOf(agent)).toBe(1);
  });

  it('a loop that waits for minutes says until when, and a drain of it is as quick', async () => {
    const agent = harness.agent('dev', 'exit 3', {
      wrapper: '#!/bin/sh\nwhile true; do\n  PROGRAM\n  sleep 300\ndone\n',
    });
    const before = Date.now();
    await harness.supervisor.up(agent).catch(() => {});

    const seen = (await harness.supervisor.observe([agent])).get(agent.id);
    const result = await harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(seen).toMatchObject({ state: 'stopped', restarting: true, nextStartAt: expect.any(Date) });
    const waits = (seen?.state === 'stopped' && seen.nextStartAt?.getTime()) || 0;
    // The kernel tells a process's age by a second that may not be over yet.
    expect(waits).toBeGreaterThan(before + 298_000);
    expect(waits).toBeLessThan(Date.now() + 302_000);
    expect(result).toMatchObject({ outcome: 'Graceful', signals: [], survivors: [] });
    expect(result.tookMs).toBeLessThan(5000);
    expect(harness.server.processes().filter((pid) => isBelow(pid, harness.root))).toEqual([]);
  });

  it('up of an agent whose loop sleeps starts it afresh, and only once', async () => {
    const agent = harness.agent(
      'dev',
      `${counted}[ -e "$0.fixed" ] || { touch "$0.fixed"; exit 3; }; exec sleep 1000`,
    );
    await harness.supervisor.up(agent).catch(() => {});

    await harness.supervisor.up(agent);

    expect(await harness.supervisor.state(agent)).toBe('running');
    expect(livesOf(agent)).toBe(2);
    expect((await harness.supervisor.observe([agent])).get(agent.id)).toMatchObject({ lastEnd: { code: 3 } });
  });

  it('a wrapper of ours that was asked to stop can be started again', async () => {
    const agent = await started(harness.agent('dev', programs['ends politely']));
    await harness.server.tmux('send-keys', '-t', `=${agent.session}:`, 'C-c');
    await until('it has stopped', async () => (await harness.supervisor.state(agent)) === 'stopped');

    await started(agent);

    expect(livesOf(agent)).toBe(2);
  });
});

function isBelow(pid: number, root: string): boolean {
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(root);
}
