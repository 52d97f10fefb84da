import { expect, onTestFinished, test } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '../../src/sandbox/slack-stand-in.ts';
import { projectFile, writeTeam } from '../fakes/e2e-agents.ts';
import { directoryForTest, runScript } from '../fakes/e2e-program.ts';

test('without any settings every one that is needed is named at once, with where to get it', async () => {
  const muster = runScript('start', directoryForTest());

  expect(await muster.ended()).toBe(78);
  expect(muster.stderr()).toMatch(/^Muster does not start:\n/);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_CHANNELS', 'SLACK_ALERT_CHANNEL']) {
    expect(muster.stderr()).toMatch(
      new RegExp(`^- ${name} is missing; it must be .+\\. Where to get it: .+$`, 'm'),
    );
  }
  expect(muster.stderr()).toContain('There is no .team/team-compose.yaml in ');
  expect(muster.output()).not.toMatch(/^ +at /m);
});

test('wrong settings are all named at once, and no secret is printed', async () => {
  const muster = runScript('start', directoryForTest(), {
    SLACK_BOT_TOKEN: 'xapp-canary-in-the-wrong-place',
    SLACK_APP_TOKEN: 'hunter2-canary',
    SLACK_CHANNELS: '#ops',
    SLACK_ALERT_CHANNEL: 'C0OPS000000,C0ALERTS000',
    SLACK_OPERATORS: '@ana',
    SLACK_API_URL: 'https://slack.example.com/api/',
    LOG_LEVEL: 'loud',
    TEAM_ROOT: '/nowhere/at/all',
  });

  expect(await muster.ended()).toBe(78);
  expect(
    muster
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('- ')),
  ).toHaveLength(8);
  expect(muster.stderr()).toContain('- SLACK_CHANNELS is "#ops"; it must be channel ids');
  expect(muster.stderr()).toContain('/nowhere/at/all, which cannot be opened');
  expect(muster.output()).not.toContain('canary');
  expect(muster.output()).not.toMatch(/^ +at /m);
});

test.each([
  ['SLACK_BOT_TOKEN', 'xoxb-canary-0123456789'],
  ['SLACK_APP_TOKEN', 'xapp-canary-0123456789'],
])('a %s that Slack does not take ends the start with one line that names it', async (name, wrong) => {
  const directory = directoryForTest();
  const slack = await slackForTest();
  const team = writeTeam(directory, {
    projects: { shop: projectFile('shop', { workers: { pay: 'polite' } }) },
  });
  const muster = runScript('start', directory, {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_CHANNELS: 'C0OPS000000',
    SLACK_ALERT_CHANNEL: 'C0ALERTS000',
    SLACK_API_URL: slack.apiUrl,
    TEAM_ROOT: team.root,
    [name]: wrong,
  });

  expect(await muster.ended()).toBe(78);
  expect(muster.stderr()).toMatch(new RegExp(`^Muster does not start:\\n- .*${name}.*\\n$`));
  expect(muster.output()).not.toContain('canary');
  expect(muster.output()).not.toMatch(/^ +at /m);
});

async function slackForTest(): Promise<SlackStandIn> {
  const slack = await startSlackStandIn();
  onTestFinished(() => slack.close());
  return slack;
}
