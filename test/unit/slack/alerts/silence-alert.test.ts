import { webApi } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startSlackStandIn } from '../../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { createProjectLocks } from '../../../../src/operations/locks/project-locks.ts';
import { createLocalSite } from '../../../../src/site/local-site.ts';
import { createDeadManSwitch } from '../../../../src/slack/alerts/dead-man-switch.ts';
import { scheduledMessages } from '../../../../src/slack/alerts/silence-alert.ts';
import { clientOptions } from '../../../../src/slack/connection/web-client.ts';
import type { Timers } from '../../../../src/timers.ts';
import { createManualTimers, minute } from '../../../fakes/manual-timers.ts';
import { until } from '../../../fakes/until.ts';
import { self } from '../../journal/journal-under-test.ts';
import { createRunningTeam } from '../../operations/team-under-test.ts';
import { silentLog } from '../slack-under-test.ts';

async function silenceUnderTest() {
  const slack = await startSlackStandIn();
  const { host, records } = await createRunningTeam();
  const lives = async () => true;
  const site = createLocalSite({ host, records, locks: createProjectLocks(), self, lives });
  const channel = slack.workspace.channel('alerts').id;
  const client = new webApi.WebClient(slack.botToken, clientOptions(slack.apiUrl, silentLog));
  const messages = scheduledMessages({ client, channel, site, hostName: host.name, redact: (text) => text });
  const errors: Error[] = [];
  const clock = createManualTimers(Date.now());
  let plans = 0;
  const timers: Timers = {
    now: clock.now,
    after(ms, act) {
      plans += 1;
      return clock.after(ms, act);
    },
  };
  const start = () => {
    const begun = createDeadManSwitch({ messages, timers, onError: (error) => errors.push(error) });
    begun.start();
    return begun;
  };
  return {
    slack,
    client,
    channel,
    messages,
    errors,
    start,
    /** A minute of health: the switch is pushed once, and everything it does about that is done. */
    async minutes(number: number) {
      for (let each = 0; each < number; each++) {
        const before = plans;
        clock.advance(minute);
        slack.passTime(minute);
        await until('the next push is planned', () => plans > before);
      }
    },
    said: () => slack.messages('alerts').map((message) => slack.read(message).replace(/\s+/g, ' ')),
    [Symbol.asyncDispose]: () => slack.close(),
  };
}

test('Slack says that Muster is silent, since when, and how many agents are on their own', async () => {
  await using world = await silenceUnderTest();
  world.start();
  await world.minutes(3);

  world.slack.passTime(7 * minute);
  expect(world.said()).toEqual([]);
  world.slack.passTime(3 * minute);

  expect(world.said()).toEqual([
    expect.stringMatching(
      /Muster on build-1 has been silent since \d\d:\d\d:\d\d\. 3 agents ran there then, and nobody has an eye on them\./,
    ),
  ]);
});

test('nothing is said in an hour of health, and Slack refuses nothing', async () => {
  await using world = await silenceUnderTest();
  world.start();
  await world.minutes(60);

  expect(world.said()).toEqual([]);
  expect(world.errors).toEqual([]);
});

test('nothing is said after a stop that was meant', async () => {
  await using world = await silenceUnderTest();
  const begun = world.start();
  await world.minutes(2);

  await begun.stop();
  world.slack.passTime(60 * minute);

  expect(world.said()).toEqual([]);
});

test('what somebody else has scheduled is left alone, and what is gone already is no failure', async () => {
  await using world = await silenceUnderTest();
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  const { client, channel, messages } = world;
  await client.chat.scheduleMessage({ channel, text: 'lunch', post_at: inAnHour });

  expect(await messages.pending()).toEqual([]);
  await expect(messages.remove('Q0GONE')).resolves.toBeUndefined();
});
