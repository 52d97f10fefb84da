import type { Message } from '../server/message-store.ts';
import type { ResponseTarget } from '../server/response-urls.ts';
import type { Slack } from '../server/slack-state.ts';
import { readArguments } from './call-arguments.ts';
import { readContent } from './message-content.ts';

/** Does what a response asks for, whether it came to a response_url or in the acknowledgement of a command. */
export function respond(
  slack: Slack,
  target: ResponseTarget,
  body: Record<string, unknown>,
): Message | undefined {
  const args = readArguments(body);
  const original = target.originalTs ? slack.messages.find(target.channel, target.originalTs) : undefined;
  if (args.flag('delete_original')) {
    if (original) slack.messages.remove(original);
    return undefined;
  }
  const content = readContent(args);
  // Who sees a message is settled when it is posted; response_type says nothing here.
  if (original && args.flag('replace_original')) return slack.messages.edit(original, content);

  const inChannel = args.text('response_type') === 'in_channel';
  const threadTs = (inChannel ? args.text('thread_ts') : undefined) ?? target.threadTs;
  const message = slack.messages.post({
    ...content,
    channel: target.channel,
    author: slack.workspace.bot.id,
    ...(threadTs ? { threadTs } : {}),
    ...(inChannel ? {} : { onlyVisibleTo: target.person }),
  });
  target.originalTs ??= message.ts;
  return message;
}
