import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '../../src/sandbox/slack-stand-in.ts';
import { agentsUnitText, botUnitText } from '../../src/setup/unit-file.ts';
import { isRunning } from '../fakes/agent-tree-on-disk.ts';
import { projectFile, type TeamOnDisk, writeTeam } from '../fakes/e2e-agents.ts';
import { runScript } from '../fakes/e2e-program.ts';
import { backendSkip } from '../fakes/required-backend.ts';
import { type SystemdManager, startSystemdManager, systemdMissing } from '../fakes/systemd-manager.ts';
import { until } from '../fakes/until.ts';

const { skip, reason } = backendSkip('systemd', systemdMissing());

describe.skipIf(skip)(`Muster as a service of systemd${reason}`, () => {
  let manager: SystemdManager;
  let slack: SlackStandIn;
  let team: TeamOnDisk;
  let env: Record<string, string>;

  beforeAll(async () => {
    manager = await startSystemdManager();
    chmodSync(manager.directory, 0o700);
    slack = await startSlackStandIn();
    team = writeTeam(manager.directory, {
      projects: { shop: projectFile('shop', { workers: { pay: 'polite' } }) },
    });
    env = { ...manager.env, TMUX_TMPDIR: manager.directory };
    const dropIns = join(manager.directory, 'home/.config/systemd/user/muster.service.d');
    mkdirSync(dropIns, { recursive: true });
    const tell = `/bin/sh -c 'echo "$SERVICE_RESULT $EXIT_STATUS" >>${manager.directory}/ends'`;
    const own = `Environment=TMUX_TMPDIR=${manager.directory}`;
    writeFileSync(join(dropIns, 'tell.conf'), `[Service]\n${own}\nExecStopPost=${tell}\n`);
  });

  afterAll(async () => {
    await execa('tmux', ['kill-server'], { env, extendEnv: false, reject: false });
    await manager?.stop();
    await slack?.close();
  });

  async function pid(): Promise<number> {
    return Number(await manager.systemctl('show', '--property=MainPID', '--value', 'muster'));
  }

  async function say(text: string, wanted: RegExp): Promise<void> {
    await slack.slash('ana', 'ops', text);
    await slack.waitForMessage((message) => wanted.test(slack.read(message)), { timeoutMs: 20_000 });
  }

  test('npm run setup installs and starts it, and the bot answers', async () => {
    const setup = runScript(
      'setup',
      manager.directory,
      {
        ...env,
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_URL: slack.apiUrl,
        SLACK_CHANNELS: 'C0OPS000000,C0ALERTS000',
        SLACK_ALERT_CHANNEL: 'C0ALERTS000',
        SLACK_OPERATORS: 'U0ANA000000',
        TEAM_ROOT: team.root,
      },
      ['--yes', '--service', 'user'],
    );

    expect(await setup.ended()).toBe(0);
    expect(setup.stdout()).toMatch(
      / {2}\+ \S+\/systemd\/user\/muster\.service\n\nMuster runs, and starts with the host\./,
    );
    expect(slack.sockets.length).toBeGreaterThan(0);
    expect(await manager.systemctl('is-active', 'muster')).toBe('active');
    const unit = readFileSync(join(manager.directory, 'home/.config/systemd/user/muster.service'), 'utf8');
    expect(unit).not.toContain(slack.botToken);
    await say('/team up shop', /Brought up shop: 1 started/);
  });

  test('a kill -9 of the bot is mended by systemd, and its agents never notice', async () => {
    const [bot, agent] = [await pid(), team.pid('shop:pay')];
    expect(bot).toBeGreaterThan(0);
    process.kill(bot, 'SIGKILL');
    const next = await until('another bot runs', async () => {
      const now = await pid();
      const isReady = now !== bot && (await manager.systemctl('is-active', 'muster')) === 'active';
      return isReady ? now : undefined;
    });

    expect(isRunning(next)).toBe(true);
    expect(team.pid('shop:pay')).toBe(agent);
    await say('/team status shop', /1 of 1 running/);
  });

  test('a start that waits for Slack says so to systemd', async () => {
    const letIn = slack.faults.add({
      kind: 'server-error',
      accepted: false,
      method: 'apps.connections.open',
    });
    const text = () => manager.systemctl('show', '--property=StatusText', '--value', 'muster');
    await manager.systemctl('restart', '--no-block', 'muster');
    await until(
      'it says what it waits for',
      async () => (await text()).startsWith('waiting for Slack: '),
      40_000,
    );

    expect(await manager.systemctl('show', '--property=ActiveState', '--value', 'muster')).toBe('activating');
    letIn();
    await until('it is up', async () => (await text()) === '', 40_000);
    await say('/team status shop', /1 of 1 running/);
  });

  test('a stop ends it with 0, and leaves the agents alone', async () => {
    const agent = team.pid('shop:pay');
    await manager.systemctl('stop', 'muster');

    expect(readFileSync(join(manager.directory, 'ends'), 'utf8')).toBe('signal KILL\nsuccess 0\nsuccess 0\n');
    expect(agent).toBeDefined();
    expect(team.pid('shop:pay')).toBe(agent);
  });

  test('set up once more, after an upgrade, it is the same and keeps its state', async () => {
    const setup = runScript('setup', manager.directory, env, ['--yes', '--service', 'user']);

    expect(await setup.ended()).toBe(0);
    expect(setup.stdout()).toMatch(/ {2}= \S+muster\.service\n/);
    await say('/team status shop', /1 of 1 running/);
    expect(existsSync(join(team.root, 'state/muster/journal.db'))).toBe(true);
  });

  test('the units hold no word that systemd does not know', async () => {
    const users = { bot: 'daemon', agents: 'games', group: 'games', writable: ['/srv/a b/.team/state'] };
    const bot = {
      node: process.execPath,
      directory: repository,
      workingDirectory: repository,
      path: '/usr/bin:/bin',
    };
    const texts = {
      'user/muster.service': botUnitText(bot),
      'system/muster.service': botUnitText({ ...bot, users }),
      'system/muster-agents.service': agentsUnitText({ tmux: '/bin/true', path: '/usr/bin:/bin', users }),
    };
    for (const [name, text] of Object.entries(texts)) {
      const path = join(manager.directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      const flags = name.startsWith('user') ? ['--user'] : [];
      const { stderr } = await execa('systemd-analyze', [...flags, 'verify', path], {
        env: manager.env,
        extendEnv: false,
      });

      expect(stderr, name).toBe('');
    }
  });
});

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
