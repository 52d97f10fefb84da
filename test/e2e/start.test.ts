import { expect, onTestFinished, test } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '../../packages/slack-stand-in/src/slack-stand-in.ts';
import { projectFile, writeTeam } from '../fakes/bot/e2e-agents.ts';
import { startE2eBotForTest } from '../fakes/bot/e2e-bot.ts';
import { directoryForTest, type Program, runScript } from '../fakes/bot/e2e-program.ts';
import { until } from '../fakes/until.ts';

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
  const slack = await slackForTest();
  const muster = startAt(slack, { [name]: wrong });

  expect(await muster.ended()).toBe(78);
  expect(muster.stderr()).toMatch(new RegExp(`^Muster does not start:\\n- .*${name}.*\\n$`));
  expect(muster.output()).not.toContain('canary');
  expect(muster.output()).not.toMatch(/^ +at /m);
});

test.each([
  ['auth.test', 'account_inactive', /SLACK_BOT_TOKEN .*Install the app to the workspace once more/],
  ['auth.test', 'not_allowed_token_type', /SLACK_BOT_TOKEN .*begins with xoxb-/],
  ['apps.connections.open', 'token_revoked', /SLACK_APP_TOKEN .*Make a new one/],
  ['apps.connections.open', 'missing_scope', /SLACK_APP_TOKEN .*connections:write/],
])('%s refused with %s ends the start with what mends it', async (method, error, mend) => {
  const slack = await slackForTest();
  slack.faults.add({ kind: 'refused', method, error });
  const muster = startAt(slack);

  expect(await muster.ended()).toBe(78);
  expect(muster.stderr()).toMatch(mend);
  expect(muster.stderr()).toMatch(/^Muster does not start:\n- .*\n$/);
  expect(slack.log.filter((call) => call.method === method)).toHaveLength(1);
});

test.each(['auth.test', 'apps.connections.open'])(
  'Muster starts in spite of a Slack that can not answer %s yet, and the log says why and when it is tried again',
  async (method) => {
    const slack = await slackForTest();
    slack.faults.add({ kind: 'rate-limited', method, retryAfterSeconds: 2, times: 1 });
    slack.faults.add({ kind: 'server-error', method, accepted: false, times: 1 });
    slack.faults.add({ kind: 'refused', method, error: 'internal_error', times: 1 });
    const muster = startAt(slack);

    await muster.prints(/WARN .*error="rate limited for 2 s" nextTryInMs=2000/);
    await muster.prints(/WARN .*error=".*500.*" nextTryInMs=\d+/);
    await muster.prints(/WARN .*error="internal_error" nextTryInMs=\d+/);
    await muster.prints(/INFO Muster is up/);
    const [first, second] = slack.log.filter((call) => call.method === method);
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(2000);
  },
);

test('while nobody listens where Slack should be Muster waits, and a SIGTERM ends it at once', async () => {
  const slack = await startSlackStandIn();
  await slack.close();
  const muster = startAt(slack);

  await muster.prints(/WARN .*error="connect ECONNREFUSED .*" nextTryInMs=\d+/);
  await muster.prints(/WARN .*error="connect ECONNREFUSED .*" nextTryInMs=\d+/);
  muster.process.kill('SIGTERM');

  expect(await muster.ended()).toBe(0);
  expect(muster.stdout()).toMatch(/INFO stopping signal="SIGTERM"\n$/);
});

test('a SIGTERM ends the wait for the first socket, too', async () => {
  const slack = await slackForTest();
  slack.faults.add({ kind: 'rate-limited', method: 'apps.connections.open', retryAfterSeconds: 600 });
  const muster = startAt(slack);

  await muster.prints(/WARN socket could not be opened .*nextTryInMs=600000/);
  muster.process.kill('SIGTERM');

  expect(await muster.ended()).toBe(0);
  expect(muster.output()).not.toContain('does not start');
});

test('what a killed Muster had begun goes on to its deadline while Slack lets nobody in', async () => {
  const bot = await startE2eBotForTest({
    team: { projects: { shop: projectFile('shop', { workers: { mule: 'stubborn' } }) } },
  });
  const card = await bot.say('ana', '/team drain shop 3s');
  await bot.edited(card, (text) => text.includes('draining'));
  await bot.end('SIGKILL');
  const letIn = bot.slack.faults.add({ kind: 'server-error', accepted: false, method: 'auth.test' });

  const again = bot.startAgain();
  await until('the agent was killed', () => bot.team.pid('shop:mule') === undefined);
  expect(bot.slack.sockets).toHaveLength(0);
  letIn();
  await again;

  expect((await bot.edited(card, (text) => text.includes('TimedOutKilled'))).ts).toBe(card.ts);
});

/** `npm start` with everything it needs. */
function startAt(slack: SlackStandIn, settings: NodeJS.ProcessEnv = {}): Program {
  const directory = directoryForTest();
  const team = writeTeam(directory, {
    projects: { shop: projectFile('shop', { workers: { pay: 'polite' } }) },
  });
  return runScript('start', directory, {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_CHANNELS: 'C0OPS000000',
    SLACK_ALERT_CHANNEL: 'C0ALERTS000',
    SLACK_API_URL: slack.apiUrl,
    TEAM_ROOT: team.root,
    ...settings,
  });
}

async function slackForTest(): Promise<SlackStandIn> {
  const slack = await startSlackStandIn();
  onTestFinished(() => slack.close());
  return slack;
}
