import type { Message } from '../server/message-store.ts';
import type { Slack } from '../server/slack-state.ts';

/** A message in the shape that answers and interaction payloads carry it. */
export function apiMessage(
  slack: Slack,
  message: Message,
  { withMetadata = false } = {},
): Record<string, unknown> {
  const { workspace } = slack;
  const fromBot = message.author === workspace.bot.id;
  return {
    type: 'message',
    user: message.author,
    ...(fromBot ? { bot_id: workspace.bot.botId, app_id: workspace.appId } : {}),
    team: workspace.team.id,
    ts: message.ts,
    text: message.text,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.edits > 0 ? { edited: { user: message.author, ts: message.ts } } : {}),
    ...(message.onlyVisibleTo ? { is_ephemeral: true } : {}),
    ...(message.reactions.length > 0 ? { reactions: reactionCounts(message) } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

function reactionCounts(message: Message): { name: string; users: string[]; count: number }[] {
  return [...Map.groupBy(message.reactions, ({ name }) => name)].map(([name, given]) => ({
    name,
    users: given.map(({ by }) => by),
    count: given.length,
  }));
}
