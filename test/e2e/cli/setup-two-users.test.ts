import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../../manifest.json' with { type: 'json' };
import { type SlackStandIn, startSlackStandIn } from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { agentsUnitText, botUnitText } from '../../../src/cli/service/bot-unit.ts';
import { projectFile, type TeamOnDisk, writeTeam } from '../../fakes/bot/e2e-agents.ts';
import { processesOf } from '../../fakes/bot/e2e-suite.ts';
import { until } from '../../fakes/until.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const harness = fileURLToPath(new URL('../../fakes/systemd/two-users.sh', import.meta.url));
const agentsId = 31_001;
const musterId = 31_002;

function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can be two users';
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'no mount namespaces here';
  const reader = spawnSync(
    'setpriv',
    [`--reuid=${musterId}`, '--clear-groups', process.execPath, '--version'],
    { cwd: '/' },
  );
  return reader.status === 0 ? undefined : `other users may not read ${repository}`;
}

const reason = missing();

/** The services of docs/security.md without systemd: as their units say, under users that exist in a namespace alone. */
describe.skipIf(reason !== undefined)(
  `the bot and its agents as two users${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let directory: string;
    let keeper: ChildProcess;
    let slack: SlackStandIn;
    let team: TeamOnDisk;
    let bot: ChildProcess;
    let socket: string;

    /** Runs a command in the namespace as one of the users, with the restrictions of the bot's unit where they are told. */
    function as(
      user: 'agents' | 'muster',
      command: readonly string[],
      caps: readonly string[] = [],
    ): readonly [string, ...string[]] {
      const who = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', ...caps];
      const env = [
        'env',
        '-i',
        `PATH=${process.env.PATH}`,
        `HOME=${directory}/${user}`,
        'SHELL=/bin/sh',
        'LANG=C.UTF-8',
      ];
      const inside = ['sh', '-c', 'umask 0007; cd "$HOME"; exec "$@"', 'sh', ...command];
      return ['nsenter', '--target', `${keeper.pid}`, '--mount', ...who, ...env, ...inside];
    }

    async function run(user: 'agents' | 'muster', ...command: string[]) {
      const [program, ...args] = as(user, command);
      return execa(program, args, { reject: false, timeout: 20_000 });
    }

    beforeAll(async () => {
      directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-users-')));
      chmodSync(directory, 0o755);
      keeper = spawn('unshare', ['--mount', 'sh', harness, directory], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      await once(keeper.stdout ?? process.stdin, 'data');
      slack = await startSlackStandIn({ scopes: manifest.oauth_config.scopes.bot });
      team = writeTeam(directory, {
        drainSeconds: 1,
        projects: { shop: projectFile('shop', { workers: { pay: 'polite', art: 'stubborn' } }) },
      });
      for (const path of ['state', 'bin'].map((name) => join(team.root, name))) {
        mkdirSync(path);
        chownSync(path, agentsId, agentsId);
        chmodSync(path, 0o2775);
      }
      chownSync(join(directory, 'pids'), agentsId, agentsId);
      socket = join(directory, 'run', 'tmux');
      mkdirSync(join(directory, 'run'));
      chownSync(join(directory, 'run'), agentsId, agentsId);
      chmodSync(join(directory, 'run'), 0o2750);
      writeFileSync(
        join(directory, 'muster', '.env'),
        Object.entries({
          SLACK_BOT_TOKEN: slack.botToken,
          SLACK_APP_TOKEN: slack.appToken,
          SLACK_API_URL: slack.apiUrl,
          SLACK_CHANNELS: 'C0OPS000000,C0ALERTS000',
          SLACK_ALERT_CHANNEL: 'C0ALERTS000',
          SLACK_OPERATORS: 'U0ANA000000',
          TEAM_ROOT: team.root,
          TMUX_SOCKET: socket,
          MUSTER_STATE_DIR: join(directory, 'muster', 'state'),
        })
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
        { mode: 0o600 },
      );
      chownSync(join(directory, 'muster', '.env'), musterId, musterId);
      chmodSync(join(directory, 'muster'), 0o755);
      await startAgentsServer();
      const caps = [
        '--inh-caps=+kill',
        '--ambient-caps=+kill',
        '--bounding-set=-all,+kill',
        '--no-new-privs',
      ];
      const [program, ...args] = as('muster', [process.execPath, join(repository, 'src/main.ts')], caps);
      bot = spawn(program, args, { stdio: 'ignore' });
      await slack.waitForSockets((open) => open > 0, { timeoutMs: 20_000 });
    });

    afterAll(async () => {
      bot?.kill('SIGTERM');
      if (bot !== undefined && bot.exitCode === null) await once(bot, 'exit');
      await run('agents', 'tmux', '-S', socket, 'kill-server');
      for (const pid of processesOf(directory)) if (pid !== keeper.pid) process.kill(pid, 'SIGKILL');
      keeper?.stdin?.end();
      await slack?.close();
      rmSync(directory, { recursive: true, force: true });
    });

    /** With the words of the unit. */
    async function startAgentsServer(): Promise<void> {
      const users = { bot: 'muster', agents: 'agents', group: 'agents', writable: [] };
      const unit = agentsUnitText({ tmux: 'tmux', path: '/usr/bin:/bin', users });
      const [, start = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
      const [, open = ''] = /^ExecStartPost=(.*)$/m.exec(unit) ?? [];
      const here = (text: string) => text.replaceAll('/run/muster-agents/tmux', socket);
      for (const line of [here(start), here(open)])
        expect((await run('agents', 'sh', '-c', line)).stderr).toBe('');
      expect(unit).toContain('UMask=0007\n');
      expect(botUnitText({ node: 'node', directory: '/', workingDirectory: '/', path: '', users })).toContain(
        'AmbientCapabilities=CAP_KILL\n',
      );
    }

    async function say(text: string, wanted: RegExp): Promise<void> {
      await slack.slash('ana', 'ops', text);
      await slack.waitForMessage((message) => wanted.test(slack.read(message)), { timeoutMs: 30_000 });
    }

    test('agents start as their own user, which can read nothing of the bot’s', async () => {
      await say('/team up shop', /Brought up shop: 2 started/);

      const pid = await until('pay runs', () => team.pid('shop:pay'));
      expect(statSync(`/proc/${pid}`).uid).toBe(agentsId);
      const home = join(directory, 'muster');
      for (const secret of [
        join(home, '.env'),
        join(home, 'state/journal.db'),
        `/proc/${await botPid()}/environ`,
      ]) {
        expect(existsSync(secret), secret).toBe(true);
        expect((await run('agents', 'cat', secret)).stderr, secret).toMatch(/Permission denied/);
      }
      expect((await run('agents', 'kill', '-0', `${await botPid()}`)).failed).toBe(true);
    });

    test('the doctor finds nothing broken', async () => {
      const said = await run('muster', join(repository, 'bin/muster'), 'doctor');

      expect(said.stdout).toMatch(/✓ two users +agents run as agents, the bot as muster\n/);
      expect(said.stdout).not.toContain('✗');
      expect(said.exitCode).toBe(0);
    });

    test('a drain asks them, sees them end, and kills what does not stop', async () => {
      await say('/team drain shop', /1 agent had to be killed \(TimedOutKilled\)[\s\S]*shop:pay · Graceful/);

      expect(team.pid('shop:pay')).toBeUndefined();
      expect(team.pid('shop:art')).toBeUndefined();
    });

    async function botPid(): Promise<number> {
      return until('the bot is itself', () =>
        Number(
          spawnSync('pgrep', ['-u', `${musterId}`, '-f', 'src/main.ts'], { encoding: 'utf8' }).stdout.trim(),
        ),
      );
    }
  },
);
