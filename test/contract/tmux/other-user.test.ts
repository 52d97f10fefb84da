import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootId } from '../../../src/supervisor/process/process-life.ts';
import { parseStat } from '../../../src/supervisor/process/process-table.ts';
import { atSocket } from '../../../src/supervisor/tmux/socket.ts';
import { TmuxSupervisor } from '../../../src/supervisor/tmux/tmux-supervisor.ts';
import { processesOf } from '../../fakes/bot/e2e-suite.ts';
import { type AgentTreeOnDisk, createAgentTree, isRunning } from '../../fakes/team/agent-tree-on-disk.ts';
import { kill } from '../../fakes/tmux/tmux-server.ts';
import { until } from '../../fakes/until.ts';

/** A user without a name; tmux lets root in without being told. */
const other = 31_001;
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)(
  `agents of another user${isRoot ? '' : ' (skipped: only root can be two users)'}`,
  () => {
    let directory: string;
    let socket: string;
    let tree: AgentTreeOnDisk;
    let supervisor: TmuxSupervisor;

    beforeEach(() => {
      directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-other-')));
      chmodSync(directory, 0o755);
      const home = join(directory, 'home');
      mkdirSync(home);
      socket = join(home, 'tmux');
      tree = createAgentTree(join(directory, 'team'));
      mkdirSync(join(tree.root, 'state/muster'));
      for (const path of [home, join(tree.root, 'programs'), join(tree.root, 'state/muster')])
        chownSync(path, other, other);
      const env = {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        HOME: '/root',
        LANG: 'C.UTF-8',
        API_KEY: 'of the bot',
      };
      supervisor = new TmuxSupervisor({
        root: tree.root,
        env: atSocket(env, socket),
        configFile: '/dev/null',
      });
    });

    afterEach(async () => {
      await execa('tmux', ['-S', socket, 'kill-server'], { reject: false });
      for (const pid of processesOf(directory)) kill(pid);
      rmSync(directory, { recursive: true, force: true });
    });

    async function startTheirServer(): Promise<void> {
      const as = ['--reuid', `${other}`, '--regid', `${other}`, '--clear-groups', 'tmux', '-u', '-S', socket];
      await execa('setpriv', [...as, '-f', '/dev/null', 'new-session', '-d', '-s', 'theirs'], {
        env: {
          PATH: process.env.PATH ?? '',
          HOME: join(directory, 'home'),
          API_KEY: 'of theirs',
          MODEL: 'of another',
          SHELL: '/bin/sh',
        },
        extendEnv: false,
        cwd: directory,
      });
    }

    it('run as that user, with that user’s environment and not with the bot’s', async () => {
      await startTheirServer();
      const agent = tree.agent(
        'dev',
        'env >"$0.env"; trap "kill $!; exit 0" INT; sleep 1000 & echo $$ >"$0.pid"; wait',
      );

      await supervisor.up(agent);
      const pid = await until('the agent is ready', () => tree.pidOf(agent));
      const seen = readFileSync(join(tree.root, 'programs/shop-dev.env'), 'utf8');
      const owner = statSync(`/proc/${pid}`).uid;
      const drained = await supervisor.drain(agent, { budgetMs: 10_000 });

      expect(owner).toBe(other);
      expect(seen).toMatch(/^API_KEY=of theirs$/m);
      expect(seen).toMatch(new RegExp(`^HOME=${directory}/home$`, 'm'));
      expect(seen).toMatch(/^AGENT_ID=shop:dev$/m);
      expect(seen).not.toMatch(/^MODEL=/m);
      expect(seen).not.toContain('of the bot');
      expect(drained.outcome).toBe('Graceful');
      expect(isRunning(pid)).toBe(false);
      expect(readdirSync(join(tree.root, 'state/muster'))).not.toContain('environment');
    });

    it('are all that is signalled for them: another’s process that is named as one of them survives, with the reason', async () => {
      await startTheirServer();
      const agent = tree.agent('dev', 'polite');
      const bystander = spawn('sleep', ['1000'], { cwd: directory, stdio: 'ignore' });
      const pid = bystander.pid ?? 0;
      const startTime = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).startTime;
      const life = {
        wrapper: agent.wrapper,
        bootId: bootId(),
        processes: [{ pid, startTime, part: 'agent' }],
      };
      mkdirSync(join(tree.root, 'state/muster/lives'));
      writeFileSync(join(tree.root, 'state/muster/lives/shop-dev'), JSON.stringify(life));

      const { signals, survivors, complaints } = await supervisor.down(agent);

      expect(isRunning(pid)).toBe(true);
      expect(signals).toEqual([]);
      expect(survivors).toMatchObject([{ pid }]);
      expect(complaints).toEqual([
        `pid ${pid} is not signalled: it belongs to user 0, and the tmux server at ${socket} to user ${other}`,
      ]);
      bystander.kill('SIGKILL');
    });

    it('are not started on a server of our own where theirs does not run', async () => {
      const agent = tree.agent('dev', 'echo $$ >"$0.pid"; exec sleep 1000');

      await expect(supervisor.up(agent)).rejects.toThrow(
        `cannot start shop:dev: there is no tmux server at ${socket}, and only its own user may start it`,
      );
      expect(await supervisor.state(agent)).toBe('stopped');
      expect(existsSync(socket)).toBe(false);
      expect(tree.pidOf(agent)).toBeUndefined();
    });
  },
);
