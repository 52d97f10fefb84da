import type { Message } from '../packages/slack-stand-in/src/server/message-store.ts';
import type { SlackStandIn } from '../packages/slack-stand-in/src/slack-stand-in.ts';
import { otherModel } from '../test/fakes/bot/e2e-agents.ts';
import { until } from '../test/fakes/until.ts';
import { type Bench, median, percentile, summary } from './report.ts';
import { channels, inSlackWorld, typists } from './slack-world.ts';

const reloads = 50;
const goalMs = 500;

/** Fifty people ask for the same reload at once: from there to each of the 49 pointers to the one that runs, against an app that says always the same. */
export const pointers: Bench = {
  name: 'pointers',
  run: () =>
    inSlackWorld(async ({ muster, bare, edit }) => {
      edit('alpha', otherModel('w0'));
      const ours = await answersTo(
        muster,
        ({ onlyVisibleTo, text }) => onlyVisibleTo !== undefined && text.includes('is busy with'),
      );
      const theirs = await answersTo(bare, () => true);
      return [
        {
          what: `${reloads} reloads at once to ${reloads - 1} pointers`,
          measured: summary(ours),
          baseline: `${summary(theirs)} (bare Bolt app)`,
          ratio: median(theirs) / median(ours),
          goal: `p99 ${goalMs} ms`,
          isMet: percentile(ours, 0.99) <= goalMs,
        },
      ];
    }),
};

/** When each of the answers that fit was there, in milliseconds since all was asked. */
async function answersTo(
  slack: SlackStandIn,
  fits: (message: Message) => boolean,
): Promise<readonly number[]> {
  const arrivals: number[] = [];
  const startedAt = performance.now();
  const hear = (message: Message) => {
    if (fits(message)) arrivals.push(performance.now() - startedAt);
  };
  slack.events.on('message', hear).on('ephemeral', hear);
  const asked = Array.from({ length: reloads }, (_, index) =>
    slack.slash(typists[index % typists.length] ?? '', channels[0] ?? '', '/team reload alpha'),
  );
  await Promise.all(asked);
  await until('all others are told', () => arrivals.length >= reloads - 1, 20_000);
  return arrivals;
}
