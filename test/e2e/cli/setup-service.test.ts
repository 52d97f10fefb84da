import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentsUnitText, botUnitText } from '../../../src/cli/service/bot-unit.ts';
import { projectFile } from '../../fakes/bot/e2e-agents.ts';
import { backendSkip } from '../../fakes/required-backend.ts';
import { type ServiceHost, startServiceHost } from '../../fakes/systemd/service-host.ts';
import { systemdMissing } from '../../fakes/systemd/systemd-manager.ts';
import { until } from '../../fakes/until.ts';

const { skip, reason } = backendSkip('systemd', systemdMissing());

describe.skipIf(skip)(`Muster as a service of systemd${reason}`, () => {
  let host: ServiceHost;

  beforeAll(async () => {
    host = await startServiceHost({
      projects: { shop: projectFile('shop', { workers: { pay: 'polite' } }) },
    });
  });

  afterAll(() => host?.stop());

  test('muster setup installs and starts it, and the bot answers', async () => {
    const { manager, slack, say } = host;
    const setup = host.setUp('first');

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

  test('a start that waits for Slack says so to systemd', async () => {
    const { manager, slack, say } = host;
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
    const { manager, team } = host;
    const agent = team.pid('shop:pay');
    await manager.systemctl('stop', 'muster');

    expect(readFileSync(host.endsFile, 'utf8')).toBe('success 0\nsuccess 0\n');
    expect(agent).toBeDefined();
    expect(team.pid('shop:pay')).toBe(agent);
  });

  test('set up once more, with nothing in the environment, it is the same and runs again', async () => {
    const setup = host.setUp();

    expect(await setup.ended()).toBe(0);
    expect(setup.stdout()).toMatch(/ {2}= \S+muster\.service\n/);
    await host.say('/team status shop', /1 of 1 running/);
  });

  test('the units hold no word that systemd does not know', async () => {
    const { manager } = host;
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

const repository = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
