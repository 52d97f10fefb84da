import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startSlackStandIn } from '../../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { createSlackQuestions } from '../../../../src/cli/doctor/ask-slack.ts';
import { clock } from '../../../../src/cli/doctor/checks/disk-and-clock.ts';
import { envFile } from '../../../../src/cli/doctor/checks/env-file.ts';
import { lingering } from '../../../../src/cli/doctor/checks/lingering.ts';
import { people } from '../../../../src/cli/doctor/checks/people.ts';
import { type Examined, examine } from '../../../../src/cli/doctor/facts.ts';
import { userName } from '../../../../src/supervisor/programs/user-name.ts';

let directory: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-doctor-')));
  chmodSync(directory, 0o700);
  writeFileSync(join(directory, '.env'), 'LOG_LEVEL=info\n', { mode: 0o600 });
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const look = () => envFile.run(examine({ PATH: '/usr/bin:/bin' }, directory));

describe('.env', () => {
  test('is fine where only its owner may read it', async () => {
    expect(await look()).toEqual([
      { severity: 'ok', found: expect.stringMatching(/^only .+ may read it \(mode 0600\)$/) },
    ]);
  });

  test.each([
    ['0640', 'its whole group may read it (mode 0640)'],
    ['0660', 'its whole group may read and change it (mode 0660)'],
    ['0604', 'everybody on this host may read it (mode 0604)'],
    ['0666', 'everybody on this host may read and change it (mode 0666)'],
  ])('of mode %s is broken', async (mode, found) => {
    chmodSync(join(directory, '.env'), mode);

    expect(await look()).toEqual([
      {
        severity: 'broken',
        found: `${found}, tokens included`,
        mend: expect.stringMatching(/^chmod 600 .+\/\.env; /),
      },
    ]);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'of another owner, or in another owner’s directory, is broken',
    async () => {
      chownSync(join(directory, '.env'), 31_001, 31_001);
      chownSync(directory, 31_002, 31_002);

      expect((await look()).map(({ severity, found }) => [severity, found])).toEqual([
        ['broken', 'it belongs to 31001, who can say in it who is an operator'],
        ['broken', `its directory ${directory} belongs to 31002, who can put another in its place`],
      ]);
    },
  );

  test('may be missing, if the settings come from elsewhere', async () => {
    rmSync(join(directory, '.env'));

    expect(await look()).toEqual([{ severity: 'ok', found: expect.stringMatching(/^there is none in /) }]);
  });

  test('that cannot be read says why', async () => {
    rmSync(join(directory, '.env'));
    chmodSync(directory, 0o700);
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'a file where the directory was');

    expect(await look()).toEqual([
      expect.objectContaining({
        severity: 'broken',
        found: expect.stringMatching(/cannot be read \(ENOTDIR\)$/),
      }),
    ]);
  });
});

test('people of an Enterprise Grid are found as the bot finds them', async () => {
  const here = 'T0SANDBOX00';
  const slack = await startSlackStandIn({
    people: [
      { name: 'ana' },
      { name: 'ida', grid: { teams: [here] } },
      { name: 'jo', grid: { home: 'T0GRIDHOME0', teams: ['T0GRIDHOME0', here], listedIn: 'user' } },
      { name: 'lee', grid: { home: here, teams: ['T0GRIDHOME0'] } },
      { name: 'pat', kind: 'guest', grid: { home: 'T0GRIDHOME0', teams: [here] } },
    ],
  });
  onTestFinished(() => slack.close());
  const ids = ['ana', 'ida', 'jo', 'lee', 'pat'].map((name) => slack.workspace.person(name).id);
  const settings = { SLACK_BOT_TOKEN: slack.botToken, SLACK_API_URL: slack.apiUrl, SLACK_OPERATORS: ids };

  const findings = await people.run({
    settings,
    slack: createSlackQuestions(settings),
  } as unknown as Examined);

  expect(findings.map(({ severity, found }) => `${severity} ${found}`)).toEqual([
    'ok operator @ana (U0ANA000000)',
    'ok operator @ida (U0IDA000000)',
    'ok operator @jo (U0JO0000000)',
    'warn operator @lee (U0LEE000000) is of another workspace and may do nothing',
    'warn operator @pat (U0PAT000000) is a guest and may do nothing',
  ]);
});

describe('lingering', () => {
  const noTeam = { team: { kind: 'missing' }, agentEnv: {}, uid: 31_001 } as unknown as Examined;

  test.runIf(process.platform === 'linux')('is not needed where nothing is a service of a user', async () => {
    expect(await lingering.run({ ...noTeam, env: { HOME: directory } })).toEqual([
      { severity: 'ok', found: 'not needed: nothing here is a service of a user' },
    ]);
  });

  test.runIf(process.platform === 'linux')('is missed by a bot that is a service of a user', async () => {
    const units = join(directory, '.config/systemd/user');
    mkdirSync(units, { recursive: true });
    writeFileSync(join(units, 'muster.service'), '');

    expect(await lingering.run({ ...noTeam, env: { HOME: directory } })).toEqual([
      {
        severity: 'broken',
        found: 'the bot is a service of 31001, and ends when 31001 logs out',
        mend: 'loginctl enable-linger 31001',
      },
    ]);
  });
});

describe('the clock', () => {
  const told = (aheadMs: number | undefined) =>
    clock.run({
      slack: {
        identity: () => Promise.resolve({ kind: 'refused', error: 'x' }),
        clockAheadMs: () => aheadMs,
      },
    } as unknown as Examined);

  test.each([
    [0, 'ok', "it agrees with Slack's"],
    [-29_000, 'ok', "it agrees with Slack's"],
    [95_000, 'warn', "it is 95 s ahead of Slack's"],
    [-3_600_000, 'warn', "it is 3600 s behind Slack's"],
  ])('%i ms from Slack’s', async (aheadMs, severity, found) => {
    expect(await told(aheadMs)).toEqual([expect.objectContaining({ severity, found })]);
  });

  test('is not looked at where Slack says nothing', async () => {
    expect(await told(undefined)).toEqual([expect.objectContaining({ severity: 'skipped' })]);
  });
});

test('a user has the name of this host’s list, and else a number', () => {
  expect(userName(0)).toBe('root');
  expect(userName(31_001)).toBe('31001');
});
