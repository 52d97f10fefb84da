import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../packages/slack-stand-in/src/server/message-store.ts';
import type { SlackStandIn } from '../packages/slack-stand-in/src/slack-stand-in.ts';
import { type Bench, median, percentile, type Row, summary } from './report.ts';
import { agentCount, channels, inSlackWorld, typists } from './slack-world.ts';

const rounds = 60;
const warmUp = 10;
const ackGoalMs = 100;
const tableGoalMs = 400;
const memoryGoalMb = 150;
/** After its start, before anything is asked. */
const restMs = 3000;

interface Answered {
  readonly ackMs: number;
  readonly answerMs: number;
}

/** From a command's envelope to its ack and to the finished table, against an app that looks at nothing and says always the same. */
export const answers: Bench = {
  name: 'answers',
  run: () =>
    inSlackWorld(async ({ muster, bare, bot }) => {
      await sleep(restMs);
      const idleMb = residentMb(bot.pid ?? 0);
      const ours: Answered[] = [];
      const theirs: Answered[] = [];
      for (let round = -warmUp; round < rounds; round += 1) {
        const our = await ask(muster, round, ({ text }) =>
          text.includes(`${agentCount} of ${agentCount} running`),
        );
        const their = await ask(bare, round, () => true);
        if (round < 0) continue;
        ours.push(our);
        theirs.push(their);
      }
      return [
        compare('command to ack', ours, theirs, ({ ackMs }) => ackMs, ackGoalMs),
        compare(`command to table of ${agentCount}`, ours, theirs, ({ answerMs }) => answerMs, tableGoalMs),
        {
          what: `memory, idle beside ${agentCount} agents`,
          measured: `${idleMb} MB, ${residentMb(bot.pid ?? 0)} MB after the above`,
          baseline: '',
          goal: `${memoryGoalMb} MB`,
          isMet: idleMb <= memoryGoalMb,
        },
      ];
    }),
};

async function ask(
  slack: SlackStandIn,
  round: number,
  fits: (message: Message) => boolean,
): Promise<Answered> {
  const turn = round + warmUp;
  const channel = channels[turn % channels.length] ?? '';
  const person = typists[turn % typists.length] ?? '';
  const place = slack.workspace.channel(channel).id;
  const before = new Set(slack.messages(channel).map(({ ts }) => ts));
  const answer = slack.waitForMessage(
    (message) => message.channel === place && !before.has(message.ts) && fits(message),
    { timeoutMs: 20_000 },
  );
  // So that no round keeps step with anything else.
  await sleep(60 + Math.random() * 80);
  const startedAt = performance.now();
  const [outcome, answerMs] = await Promise.all([
    slack.slash(person, channel, '/team status'),
    answer.then(() => performance.now() - startedAt),
  ]);
  if (outcome.kind === 'failed') throw new Error(`/team status failed: ${outcome.error}`);
  return { ackMs: outcome.afterMs, answerMs };
}

function compare(
  what: string,
  ours: readonly Answered[],
  theirs: readonly Answered[],
  of: (answered: Answered) => number,
  goalMs: number,
): Row {
  const [our, their] = [ours.map(of), theirs.map(of)];
  return {
    what,
    measured: summary(our),
    baseline: `${summary(their)} (bare Bolt app)`,
    ratio: median(their) / median(our),
    goal: `p99 ${goalMs} ms`,
    isMet: percentile(our, 0.99) <= goalMs,
  };
}

function residentMb(pid: number): number {
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}
