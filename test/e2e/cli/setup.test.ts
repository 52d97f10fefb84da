import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parse } from 'dotenv';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { projectFile, writeTeam } from '../../fakes/bot/e2e-agents.ts';
import { cleanEnvironment } from '../../fakes/bot/e2e-bot.ts';
import { directoryForTest, muster, runScript } from '../../fakes/bot/e2e-program.ts';
import { isRunning } from '../../fakes/team/agent-tree-on-disk.ts';
import { until } from '../../fakes/until.ts';

interface Newcomer {
  readonly directory: string;
  readonly slack: SlackStandIn;
  /** What a right `.env` holds. */
  readonly right: Record<string, string>;
  env(): string;
  read(): Record<string, string>;
}

/** Somebody with a team, an app in Slack, and nothing else yet. */
async function newcomer(): Promise<Newcomer> {
  const directory = directoryForTest();
  chmodSync(directory, 0o700);
  const slack = await startSlackStandIn();
  onTestFinished(() => slack.close());
  const team = writeTeam(directory, {
    projects: { shop: projectFile('shop', { workers: { pay: 'polite' } }) },
  });
  const env = () => readFileSync(join(directory, '.env'), 'utf8');
  return {
    directory,
    slack,
    right: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_CHANNELS: 'C0OPS000000,C0ALERTS000',
      SLACK_ALERT_CHANNEL: 'C0ALERTS000',
      SLACK_OPERATORS: 'U0ANA000000',
      SLACK_API_URL: slack.apiUrl,
      TEAM_ROOT: team.root,
    },
    env,
    read: () => parse(env()),
  };
}

test('--yes takes the values from the environment, writes them for the owner alone, and has the doctor look', async () => {
  const { directory, right, read } = await newcomer();
  const { TEAM_ROOT: root, ...given } = right;
  const setup = runScript('setup', directory, given, ['--yes']);

  expect(await setup.ended()).toBe(0);
  expect(read()).toEqual({ ...given, TEAM_ROOT: root });
  expect(statSync(join(directory, '.env')).mode & 0o777).toBe(0o600);
  expect(setup.stdout()).toContain(`The team: ${root}\n`);
  expect(setup.stdout()).toContain('  + SLACK_BOT_TOKEN  not shown\n');
  expect(setup.stdout()).toMatch(/✓ bot token +Slack takes it/);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] as const) {
    expect(setup.output()).not.toContain(right[name]);
  }
});

test('--yes without what is needed names all of it and writes nothing', async () => {
  const { directory } = await newcomer();
  const setup = runScript('setup', directory, { SLACK_CHANNELS: '#ops' }, ['--yes']);

  expect(await setup.ended()).toBe(1);
  expect(setup.stderr()).toMatch(/^Nothing was written:\n/);
  for (const name of [
    'SLACK_BOT_TOKEN is missing',
    'SLACK_CHANNELS is "#ops"',
    'SLACK_ALERT_CHANNEL is missing',
  ]) {
    expect(setup.stderr()).toContain(`- ${name}; it must be `);
  }
  expect(existsSync(join(directory, '.env'))).toBe(false);
});

test('what is in .env stays, also what is none of ours, unless --replace says otherwise', async () => {
  const { directory, right, env, read } = await newcomer();
  const before = `# by hand\nSLACK_CHANNELS=C0OLD000000\nANTHROPIC_API_KEY='a b'\n`;
  writeFileSync(join(directory, '.env'), before, { mode: 0o644 });

  const setup = runScript('setup', directory, right, ['--yes']);
  expect(await setup.ended()).toBe(0);
  expect(setup.stdout()).toContain(
    '  = SLACK_CHANNELS  C0OLD000000 is kept; --replace writes C0OPS000000,C0ALERTS000\n',
  );
  expect(env()).toContain(before);
  expect(statSync(join(directory, '.env')).mode & 0o777).toBe(0o600);

  const again = runScript('setup', directory, right, ['--yes', '--replace']);
  expect(await again.ended()).toBe(0);
  expect(again.stdout()).toContain('  ~ SLACK_CHANNELS  C0OPS000000,C0ALERTS000, in place of C0OLD000000\n');
  expect(read()).toEqual({ ...right, ANTHROPIC_API_KEY: 'a b' });
});

test('a word it does not know is refused with how it is used, and there is none for tokens', async () => {
  const { directory } = await newcomer();
  const setup = runScript('setup', directory, {}, ['--yes', '--service', 'cron']);

  expect(await setup.ended()).toBe(2);
  expect(setup.stderr()).toMatch(
    /^--service is "cron"; it must be user, system or none\.\nNothing was touched\. Usage: muster setup/,
  );
  expect(setup.stderr()).not.toContain('TOKEN');
});

test('in a terminal each value is checked when it is typed, and a pasted token never shows', async () => {
  const { directory, slack, right, read } = await newcomer();
  const env = {
    ...cleanEnvironment(directory),
    TMUX_TMPDIR: join(directory, 'tmux'),
    SLACK_API_URL: slack.apiUrl,
  };
  mkdirSync(join(directory, 'tmux'));
  writeFileSync(join(directory, '.env'), `SLACK_API_URL=${slack.apiUrl}\n`, { mode: 0o600 });
  const tmux = async (...args: string[]) =>
    (await execa('tmux', ['-u', '-f', '/dev/null', ...args], { env, extendEnv: false, timeout: 10_000 }))
      .stdout;
  onTestFinished(async () => void (await tmux('kill-server').catch(() => undefined)));
  await tmux(
    'new-session',
    '-d',
    '-s',
    'setup',
    '-x',
    '100',
    '-y',
    '300',
    '-c',
    directory,
    muster,
    'setup',
    ';',
    'set-option',
    '-w',
    'remain-on-exit',
    'on',
  );
  const pid = Number(await tmux('display-message', '-p', '-t', '=setup:', '#{pane_pid}'));
  const screen = () => tmux('capture-pane', '-p', '-J', '-t', '=setup:');
  const asked = (what: RegExp) => until(`the screen shows ${what}`, async () => what.test(await screen()));
  const type = async (text: string) => {
    await tmux('send-keys', '-l', '-t', '=setup:', text);
    await tmux('send-keys', '-t', '=setup:', 'Enter');
  };

  await asked(/SLACK_BOT_TOKEN: .*\n.*\n.*not shown while you paste it\) >/);
  expect(await screen()).toContain('https://api.slack.com/apps?new_app=1&manifest_json=%7B');
  await type('xoxp-canary-of-another-kind');
  await asked(/SLACK_BOT_TOKEN is something else \(27 characters, not shown\); it must be/);
  await type(slack.botToken);
  await asked(/SLACK_APP_TOKEN: /);
  await type(slack.appToken);
  await asked(/SLACK_CHANNELS: /);
  await type('#ops');
  await asked(/SLACK_CHANNELS is "#ops"; it must be channel ids/);
  await type(right.SLACK_CHANNELS ?? '');
  await asked(/none of SLACK_CHANNELS, the buttons under[\s\S]*Enter takes C0OPS000000\) >/);
  await type(right.SLACK_ALERT_CHANNEL ?? '');
  await asked(/SLACK_OPERATORS: /);
  await type(right.SLACK_OPERATORS ?? '');
  await asked(/\+ SLACK_OPERATORS {2}U0ANA000000\n[\s\S]*Write this\? \[y\/N\]/);
  expect(read()).toEqual({ SLACK_API_URL: slack.apiUrl });
  await type('y');
  await asked(/The doctor says:[\s\S]*Install Muster as your own service/);
  await type('');
  // tmux before 3.6 misses the end of many a pane's process, and does not call the pane dead then.
  await until('the set-up is over', () => !isRunning(pid), 60_000);

  expect(read()).toEqual(right);
  const shown = await screen();
  for (const secret of [slack.botToken, slack.appToken, 'canary']) expect(shown).not.toContain(secret);
});

test.skipIf(process.getuid?.() !== 0)(
  'a service of the host is refused, before anything is written, where what it needs is not there',
  async () => {
    const { directory, right } = await newcomer();
    const refused = async (...words: string[]) => {
      const setup = runScript('setup', directory, right, ['--yes', '--service', 'system', ...words]);
      expect(await setup.ended()).toBe(1);
      expect(existsSync(join(directory, '.env'))).toBe(false);
      return setup.stderr();
    };

    expect(await refused('--bot-user', 'nobody', '--agents-user', 'nobody')).toMatch(
      /cannot both be nobody .*--service user/,
    );
    expect(await refused('--bot-user', 'no-such-user')).toMatch(
      /There is no user no-such-user .* useradd --system /,
    );
    expect(await refused('--bot-user', 'nobody', '--agents-user', 'daemon')).toMatch(
      /There is no \S+\/state and no \S+\/bin, which the bot and the agents share\. .*docs\/security\.md/,
    );
  },
);
