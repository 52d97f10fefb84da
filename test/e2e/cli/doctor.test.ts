import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import manifest from '../../../manifest.json' with { type: 'json' };
import {
  type SlackStandIn,
  type SlackStandInOptions,
  startSlackStandIn,
} from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { projectFile, type TeamOnDisk, writeTeam } from '../../fakes/bot/e2e-agents.ts';
import { directoryForTest, runScript } from '../../fakes/bot/e2e-program.ts';

interface Finding {
  readonly severity: 'ok' | 'skipped' | 'warn' | 'broken';
  readonly found: string;
  readonly mend?: string;
}

interface Diagnosis {
  readonly code: number | NodeJS.Signals;
  readonly output: string;
  of(check: string): readonly Finding[];
  readonly all: readonly (readonly [string, Finding])[];
}

interface Patient {
  readonly directory: string;
  readonly slack: SlackStandIn;
  readonly team: TeamOnDisk;
  readonly settings: Record<string, string>;
  /** Writes `.env`, as it is and with these changes. */
  write(changes?: Record<string, string>): void;
  examine(env?: NodeJS.ProcessEnv): Promise<Diagnosis>;
  report(): Promise<string>;
}

/** A host on which nothing is wrong, but that the bot and its agents are one user. */
async function patient(options: SlackStandInOptions = {}): Promise<Patient> {
  const directory = directoryForTest();
  chmodSync(directory, 0o700);
  const slack = await startSlackStandIn({ scopes: manifest.oauth_config.scopes.bot, ...options });
  onTestFinished(() => slack.close());
  const team = writeTeam(directory, {
    projects: { shop: projectFile('shop', { workers: { pay: 'polite' } }) },
  });
  const settings = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_CHANNELS: 'C0OPS000000,C0ALERTS000',
    SLACK_ALERT_CHANNEL: 'C0ALERTS000',
    SLACK_OPERATORS: 'U0ANA000000,S0ONCALL000',
    SLACK_API_URL: slack.apiUrl,
    TEAM_ROOT: team.root,
  };
  const write = (changes: Record<string, string> = {}) =>
    writeFileSync(
      join(directory, '.env'),
      Object.entries({ ...settings, ...changes })
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
      { mode: 0o600 },
    );
  write();
  return {
    ...{ directory, slack, team, settings, write },
    async examine(env = {}) {
      const doctor = runScript('doctor', directory, env, ['--json']);
      const code = await doctor.ended();
      const { checks } = JSON.parse(doctor.stdout()) as { checks: { check: string; findings: Finding[] }[] };
      return {
        code,
        output: doctor.output(),
        of: (name) => checks.find(({ check }) => check === name)?.findings ?? [],
        all: checks.flatMap(({ check, findings }) => findings.map((finding) => [check, finding] as const)),
      };
    },
    async report() {
      const doctor = runScript('doctor', directory);
      await doctor.ended();
      return doctor.output();
    },
  };
}

const broken = (found: RegExp, mend: RegExp) => ({
  severity: 'broken',
  found: expect.stringMatching(found),
  mend: expect.stringMatching(mend),
});
const warned = (found: RegExp, mend: RegExp) => ({ ...broken(found, mend), severity: 'warn' });

test('on a host where all is well only the shared user is broken, calmly, with the way out', async () => {
  const { examine, report, slack, team } = await patient();

  const { code, all, of } = await examine();

  const wrong = all.filter(([, { severity }]) => severity !== 'ok');
  expect(wrong.map(([check]) => check)).toEqual(['two users']);
  expect(of('two users')).toEqual([
    broken(
      /^agents would run as .+, as the bot does: whatever an agent runs can read the tokens/,
      /^For trying .*docs\/security\.md/,
    ),
  ]);
  expect(code).toBe(1);
  expect(await report()).toMatch(
    /✓ channels .*member of C0OPS000000\n[\s\S]*\n1 thing is broken\. → says how to mend it\.\n$/,
  );
  expect(slack.log.map(({ method }) => method)).not.toContain('chat.postMessage');
  expect(existsSync(join(team.root, 'state'))).toBe(false);
});

test('without any settings each is named with where to get it, and what needs them is not looked at', async () => {
  const directory = directoryForTest();
  chmodSync(directory, 0o700);
  const doctor = runScript('doctor', directory);

  expect(await doctor.ended()).toBe(1);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_CHANNELS', 'SLACK_ALERT_CHANNEL']) {
    expect(doctor.stdout()).toContain(`${name} is missing\n`);
  }
  expect(doctor.stdout()).toMatch(/· bot token +not looked at: SLACK_BOT_TOKEN first\n/);
  expect(doctor.stdout()).toMatch(/✗ team files +There is no \.team\/team-compose\.yaml/);
  expect(doctor.stderr()).toBe('');
});

test('a word it does not know is answered with how it is used', async () => {
  const doctor = runScript('doctor', directoryForTest(), {}, ['--fix']);

  expect(await doctor.ended()).toBe(2);
  expect(doctor.stderr()).toMatch(
    /^doctor has no option --fix\. doctor has --json\.\nNothing was touched\. Usage: muster doctor \[--json\]/,
  );
});

test('channels the bot is not in, or cannot see, are named with what to type', async () => {
  const { write, examine } = await patient({
    channels: [
      { name: 'ops' },
      { name: 'alerts', withBot: false },
      { name: 'hidden', isPrivate: true, withBot: false },
    ],
  });
  write({ SLACK_CHANNELS: 'C0OPS000000,C0HIDDEN000' });

  const { of, code } = await examine();

  expect(of('channels')).toEqual([
    { severity: 'ok', found: 'the bot is a member of C0OPS000000' },
    broken(
      /can see no channel C0HIDDEN000$/,
      /If it is private, \/invite @Muster there; else copy its id again/,
    ),
    broken(/not a member of C0ALERTS000 \(alerts\)/, /^In that channel: \/invite @Muster$/),
    {
      severity: 'ok',
      found:
        'the alert channel C0ALERTS000 is not in SLACK_CHANNELS: the buttons under what Muster posts in it work, and commands typed in it are refused',
    },
  ]);
  expect(code).toBe(1);
});

test('operators and viewers who cannot do anything are named with the reason', async () => {
  const { write, examine } = await patient({
    userGroups: [
      { handle: 'oncall', members: ['ana', 'bo'] },
      { handle: 'empty', members: [] },
    ],
  });
  write({
    SLACK_OPERATORS: 'U0ANA000000,U0NOBODY000,S0ONCALL000,S0GONE00000',
    SLACK_VIEWERS: 'U0GUS000000,U0EVE000000,S0EMPTY0000,U0MUSTERBOT',
  });

  const { of } = await examine();

  expect(of('people')).toEqual([
    { severity: 'ok', found: 'operator @ana (U0ANA000000)' },
    broken(/^Slack knows no operator U0NOBODY000/, /Copy member ID/),
    { severity: 'ok', found: "the operators' group S0ONCALL000 has 2 members" },
    broken(/^Slack knows no group S0GONE00000/, /Copy group ID/),
    warned(/^viewer @gus .* is a guest and may do nothing$/, /Take the id out/),
    warned(/^viewer @eve .* of another workspace/, /Take the id out/),
    warned(/^the viewers' group S0EMPTY0000 is empty$/, /Add people/),
    warned(/^viewer @muster .* is a bot/, /Take the id out/),
  ]);
});

test('scopes that are missing are broken or only cost something, and more than needed is said too', async () => {
  const { examine } = await patient({
    scopes: ['chat:write', 'commands', 'users:read', 'groups:history', 'files:write'],
  });

  const { of } = await examine();

  expect(of('manifest')).toEqual([
    warned(/without the scope channels:history: .*"may repeat"$/, /install it to the workspace again/),
    broken(/without the scope usergroups:read: user groups cannot be operators/, /Paste manifest\.json/),
    warned(/may do more than Muster uses: files:write/, /Take these scopes out/),
  ]);
  expect(of('channels')).toContainEqual({
    severity: 'skipped',
    found: 'C0OPS000000 cannot be looked at without the scope channels:history',
  });
  expect(of('people')).toContainEqual(broken(/group S0ONCALL000 cannot be read/, /Add the scope/));
});

test.each([
  [
    'bot token',
    'SLACK_BOT_TOKEN',
    'xoxb-canary-0123456789',
    /^Slack refuses SLACK_BOT_TOKEN \(invalid_auth\)$/,
  ],
  [
    'app token',
    'SLACK_APP_TOKEN',
    'xapp-canary-0123456789',
    /^Slack refuses SLACK_APP_TOKEN \(invalid_auth\)$/,
  ],
])(
  '%s: one that Slack does not take is told from the other, and never printed',
  async (check, name, wrong, found) => {
    const { write, examine, report } = await patient();
    write({ [name]: wrong });

    const { of, output } = await examine();

    expect(of(check)).toEqual([broken(found, /^Copy it again from .* of your app\.$/)]);
    expect(output).not.toContain('canary');
    expect(await report()).not.toContain('canary');
  },
);

test('a token that has been revoked, and a Slack that cannot be reached, are said as what they are', async () => {
  const { slack, write, examine } = await patient();
  slack.lockOut('token_revoked');
  expect((await examine()).of('bot token')).toEqual([
    broken(/\(token_revoked\): it was good once and is no more$/, /OAuth & Permissions/),
  ]);

  write({ SLACK_API_URL: 'http://127.0.0.1:9/api/' });
  const { of } = await examine();

  expect(of('bot token')).toEqual([broken(/^Slack could not be asked: /, /DNS, proxy, firewall/)]);
  expect(of('clock')).toEqual([expect.objectContaining({ severity: 'skipped' })]);
});

test('wrong settings do not keep the right ones from being looked at, and no value of a secret is shown', async () => {
  const { write, examine } = await patient();
  write({
    SLACK_APP_TOKEN: 'hunter2-canary',
    SLACK_OPERATOR: 'U0ANA000000',
    LOG_LEVEL: 'loud',
    SLACK_OPERATORS: '',
  });

  const { of, output } = await examine({ SLACK_CHANNELS: 'C0OPS000000' });

  expect(of('settings')).toEqual([
    broken(/^SLACK_APP_TOKEN is something else \(14 characters, not shown\)$/, /Where to get it/),
    broken(/^LOG_LEVEL is "loud"$/, /debug, info, warn or error/),
    warned(/SLACK_OPERATORS is empty/, /member ids/),
    warned(
      /SLACK_CHANNELS has one value in the environment and another in .*\.env; the environment wins/,
      /Keep one/,
    ),
    warned(/^SLACK_OPERATOR in \.env is no setting/, /^Did you mean SLACK_OPERATORS\?$/),
  ]);
  expect(of('bot token')).toEqual([{ severity: 'ok', found: 'Slack takes it: @muster in Sandbox' }]);
  expect(of('app token')).toEqual([{ severity: 'skipped', found: 'SLACK_APP_TOKEN first' }]);
  expect(output).not.toContain('canary');
});

test('a .env that others may read, and a directory that others may write to, are broken', async () => {
  const { directory, examine } = await patient();
  chmodSync(join(directory, '.env'), 0o644);
  chmodSync(directory, 0o770);

  expect((await examine()).of('.env')).toEqual([
    broken(/^everybody on this host may read it \(mode 0644\), tokens included$/, /^chmod 600 \S+\.env; /),
    broken(/^others may write to its directory/, /^chmod go-w /),
  ]);
});

test("what is likely wrong in the team's files is said line by line, and what keeps them from loading is broken", async () => {
  const { team, examine } = await patient();
  team.edit('shop', (yaml) => yaml.replace('model: m1', 'model: m1, role_prompt: roles/nobody.md'));
  expect((await examine()).of('team files')).toEqual([
    warned(
      /^projects\/shop\.yaml line \d+: workers\.pay\.role_prompt is "roles\/nobody\.md", which is not there$/,
      /^It should be a file/,
    ),
    expect.objectContaining({ severity: 'ok', found: expect.stringMatching(/loads: 1 agent in 1 project$/) }),
  ]);

  team.edit('shop', (yaml) => yaml.replace('runtime: polite', 'effort: hgih'));

  expect((await examine()).of('team files')).toContainEqual(
    broken(/^projects\/shop\.yaml line \d+: workers\.pay\.effort is "hgih"$/, /^It must be low, medium/),
  );
});

test('a host without tmux is told what to install', async () => {
  const { examine, directory } = await patient();

  const { of } = await examine({ PATH: join(directory, 'nothing') });

  expect(of('back-end')).toEqual([broken(/^there is no tmux on the PATH$/, /apt-get install tmux/)]);
});

test('a journal of a newer Muster, and one that is none, are left as they are and named', async () => {
  const { team, write, examine, directory } = await patient();
  const state = join(directory, 'kept');
  mkdirSync(state);
  write({ MUSTER_STATE_DIR: state });
  const journal = new DatabaseSync(join(state, 'journal.db'));
  journal.exec('pragma user_version = 9999');
  journal.close();
  expect((await examine()).of('journal')).toEqual([
    broken(/was written by a newer Muster \(version 9999; this one knows \d+\)$/, /^Run that one/),
  ]);

  writeFileSync(join(state, 'journal.db'), 'scribbled over '.repeat(1000));

  expect((await examine()).of('journal')).toEqual([
    broken(/kept\/journal\.db cannot be used: /, /^Move it away/),
  ]);
  expect(existsSync(join(team.root, 'state'))).toBe(false);
});
