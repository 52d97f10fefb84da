import { parseArgs } from 'node:util';

export const usage = `npm run live-check -- --channel C0123ABCD [--only NAME] [--delete] [--yes]
npm run live-check -- --list

Posts every card in every state to a channel of your workspace, edits it, replies in a thread, looks messages up in the history,
schedules a message and takes it back, and prints what Slack says to each. The token is the one in .env. Ends with 1 if Slack
refused anything.

  --channel ID   where; invite the bot there first
  --only NAME    only the cards whose name begins so; may be given several times
  --delete       removes what it posted: when you have looked at it, with --yes at once
  --yes          asks nothing
  --list         prints what it would post, and asks Slack nothing
`;

export type Order =
  | { readonly kind: 'help' }
  | { readonly kind: 'list'; readonly only: readonly string[] }
  | {
      readonly kind: 'check';
      readonly channel: string;
      readonly only: readonly string[];
      readonly removes: boolean;
      readonly asks: boolean;
    };

/** Throws an Error that says what is wrong with the words. */
export function readOrder(args: readonly string[]): Order {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      list: { type: 'boolean', default: false },
      channel: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      delete: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  });
  const { channel, only } = values;
  if (values.help) return { kind: 'help' };
  if (values.list) return { kind: 'list', only };
  if (channel === undefined) throw new Error('--channel is missing; it says where the cards are posted.');
  if (!/^[CG][A-Z0-9]{4,}$/.test(channel)) {
    throw new Error(
      `--channel is "${channel}"; it must be one channel id, such as C0123ABCD, from the end of the channel's About tab in Slack.`,
    );
  }
  return { kind: 'check', channel, only, removes: values.delete, asks: !values.yes };
}
