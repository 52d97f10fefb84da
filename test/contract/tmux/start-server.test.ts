import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import {
  type SystemdManager,
  startSystemdManager,
  systemdMissing,
} from '../../fakes/systemd/systemd-manager.ts';
import { type AgentTreeOnDisk, createAgentTree, isRunning } from '../../fakes/team/agent-tree-on-disk.ts';
import { until } from '../../fakes/until.ts';

const missing = systemdMissing();
const backend = fileURLToPath(new URL('../../../src/supervisor/tmux/tmux-supervisor.ts', import.meta.url));

describe.skipIf(missing)(
  `agents outlive a bot that is a service${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let manager: SystemdManager;
    let tree: AgentTreeOnDisk;
    let agents: readonly AgentSpec[];
    let env: Record<string, string>;

    beforeAll(async () => {
      manager = await startSystemdManager();
      const root = join(manager.directory, 'team $HOME');
      mkdirSync(root);
      tree = createAgentTree(root);
      agents = ['a', 'b', 'c'].map((name) =>
        tree.agent(name, 'env >"$0.env"; echo $$ >"$0.pid"; trap "kill $!; exit 0" INT; sleep 1000 & wait'),
      );
      env = { ...manager.env, TMUX_TMPDIR: manager.directory, API_KEY: `it's $ecret` };
      writeFileSync(
        join(root, 'bot.mjs'),
        `import { appendFileSync } from 'node:fs';
      import { TmuxSupervisor } from '${backend}';
      const supervisor = new TmuxSupervisor({ root: process.cwd(), env: process.env, configFile: '/dev/null' });
      const ups = await Promise.allSettled(${JSON.stringify(agents)}.map((agent) => supervisor.up(agent)));
      appendFileSync('said', process.pid + ' ' + (ups.find(({ status }) => status === 'rejected')?.reason ?? 'all up') + '\\n');
      setInterval(() => {}, 1000);`,
      );
      await execa(
        'systemd-run',
        [
          ...['--user', '--quiet', '--unit=muster-bot', `--working-directory=${root}`],
          ...[
            '--property=NoNewPrivileges=yes',
            '--property=LockPersonality=yes',
            '--property=KillMode=control-group',
          ],
          ...Object.keys(env).map((name) => `--setenv=${name}`),
          ...['--', process.execPath, 'bot.mjs'],
        ],
        { env, extendEnv: false },
      );
      expect(await saidBy(1)).toMatch(/^\d+ all up$/);
    });

    afterAll(async () => {
      await execa('tmux', ['kill-server'], { env, extendEnv: false, reject: false });
      await manager?.stop();
    });

    function saidBy(life: number): Promise<string> {
      return until(`the bot has started its agents, life ${life}`, () => {
        const file = join(tree.root, 'said');
        if (!existsSync(file)) return undefined;
        return readFileSync(file, 'utf8').split('\n').slice(0, -1)[life - 1];
      });
    }

    function pids(): readonly (number | undefined)[] {
      return agents.map(tree.pidOf);
    }

    it('a restart of its unit kills everything of the unit, and of the agents nothing', async () => {
      const before = pids();
      const bot = Number((await saidBy(1)).split(' ')[0]);

      await manager.systemctl('restart', 'muster-bot');
      const after = await saidBy(2);

      expect(isRunning(bot)).toBe(false);
      expect(after).toMatch(/^\d+ all up$/);
      expect(before).not.toContain(undefined);
      expect(before.every(isRunning)).toBe(true);
      expect(pids()).toEqual(before);
    });

    it('nor are they held by what holds the unit', () => {
      for (const pid of pids()) {
        expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^NoNewPrivs:\t0$/m);
        expect(readFileSync(`/proc/${pid}/cgroup`, 'utf8')).not.toContain('muster-bot');
      }
    });

    it('they have the bot’s environment, and no value of it is in the words of a service or stays on disk', async () => {
      const seen = readFileSync(join(tree.root, 'programs', 'shop-a.env'), 'utf8');

      expect(seen).toContain(`API_KEY=${env.API_KEY}\n`);
      const units = await manager.systemctl('show', 'muster-tmux-*');
      expect(units).toContain('muster-tmux-');
      expect(units).not.toContain('ecret');
      expect(existsSync(join(tree.root, 'state', 'muster', 'environment'))).toBe(true);
      const left = await execa('ls', [join(tree.root, 'state', 'muster', 'environment')]);
      expect(left.stdout).toBe('');
    });
  },
);
