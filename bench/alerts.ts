import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { webApi } from '@slack/bolt';
import type { Message } from '../packages/slack-stand-in/src/server/message-store.ts';
import { type SlackStandIn, startSlackStandIn } from '../packages/slack-stand-in/src/slack-stand-in.ts';
import { startBot } from '../src/sandbox/bot-process.ts';
import { startCleanUp } from '../src/sandbox/clean-up.ts';
import { projectFile, writeTeam } from '../test/fakes/bot/e2e-agents.ts';
import { createTmuxServer, type TmuxServer } from '../test/fakes/tmux/tmux-server.ts';
import { type Bench, median, ms, percentile } from './report.ts';

const deaths = 9;
/** What happens sooner after an alert than this belongs into it. */
const apartMs = 10_500;
const goalMs = 1000;
const names = Array.from({ length: deaths }, (_, index) => `w${index}`);

/** From an agent's death to the alert's post, one by one, against a loop that looks every 250 ms and posts the bare fact. */
export const alerts: Bench = {
  name: 'alerts',
  run: async () => {
    const { ours, polled } = await measure();
    return [
      {
        what: 'death to alert',
        measured: `${ms(median(ours))}, worst ${ms(percentile(ours, 1))}`,
        baseline: `${ms(median(polled))} (poll)`,
        ratio: median(polled) / median(ours),
        goal: `median ${ms(goalMs)}`,
        isMet: median(ours) <= goalMs,
      },
    ];
  },
};

async function measure(): Promise<{ ours: number[]; polled: number[] }> {
  const cleanUp = await startCleanUp();
  try {
    const { directory } = cleanUp;
    const slack = await startSlackStandIn();
    cleanUp.add('the Slack stand-in', () => slack.close());
    const server = createTmuxServer();
    cleanUp.add('tmux', () => server.stop());
    const workers = Object.fromEntries(names.map((name) => [name, 'polite'] as const));
    const { root } = writeTeam(directory, { projects: { shop: projectFile('shop', { workers }) } });
    const pids = new Map<string, number>();
    for (const name of names) pids.set(name, await session(server, root, name));
    const logFile = join(directory, 'bot.log');
    await startBot({ slack, cleanUp, root, operators: [], env: server.env, directory, logFile });
    const polling = new AbortController();
    const polled = pollAndPost(slack, server, polling.signal);
    // The team is followed a moment after the bot is connected.
    await sleep(3000);
    const measured = { ours: [] as number[], polled: [] as number[] };
    for (const [name, pid] of pids) {
      const killedAt = performance.now();
      const told = [posted(slack, 'alerts', `shop:${name}`), posted(slack, 'ops', `e2e-shop-${name}`)];
      process.kill(pid, 'SIGKILL');
      const [ours = Number.NaN, theirs = Number.NaN] = await Promise.all(told);
      measured.ours.push(ours - killedAt);
      measured.polled.push(theirs - killedAt);
      await sleep(apartMs);
    }
    polling.abort();
    await polled;
    return measured;
  } finally {
    await cleanUp.run();
  }
}

/** A session as an agent has it, without the launch that is not measured here. */
async function session(server: TmuxServer, root: string, name: string): Promise<number> {
  const command = ['sh', '-c', 'exec sleep 100000', `${root}/bin/agent-wrapper.sh`, `shop:${name}`];
  await server.tmux('new-session', '-d', '-s', `e2e-shop-${name}`, '--', ...command);
  const pid = await server.tmux('list-panes', '-t', `=e2e-shop-${name}:`, '-F', '#{pane_pid}');
  return Number(pid);
}

async function posted(slack: SlackStandIn, channel: string, words: string): Promise<number> {
  for (;;) {
    const [message] = (await once(slack.events, 'message')) as [Message];
    const isThere = message.channel === slack.workspace.channel(channel).id;
    if (isThere && message.text.includes(words)) return performance.now();
  }
}

async function pollAndPost(slack: SlackStandIn, server: TmuxServer, signal: AbortSignal): Promise<void> {
  const client = new webApi.WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const channel = slack.workspace.channel('ops').id;
  const living = new Set(names.map((name) => `e2e-shop-${name}`));
  while (!signal.aborted) {
    const listed = await server.tmux('list-sessions', '-F', '#{session_name}').catch(() => '');
    for (const name of living) {
      if (listed.split('\n').includes(name)) continue;
      living.delete(name);
      await client.chat.postMessage({ channel, text: `${name} is gone` });
    }
    await sleep(250);
  }
}
