import type { Message } from '../server/message-store.ts';
import type { Slack } from '../server/slack-state.ts';
import { SlackError } from '../slack-error.ts';
import { apiMessage } from './api-message.ts';
import { type ApiMethods, knownUser, visibleChannel, writableChannel } from './api-method.ts';
import type { Arguments } from './call-arguments.ts';
import { readContent, textCutAt } from './message-content.ts';

/** Bytes of UTF-8 in the text of an edit, also where blocks stand beside it; more is `msg_too_long`. */
const editedTextBytes = 4_000;

export const chat: ApiMethods = {
  'chat.postMessage': {
    token: 'bot',
    scope: 'chat:write',
    run(args, slack) {
      const channel = writableChannel(slack, conversation(args.required('channel'), slack));
      const thread = parent(args, slack, channel.id);
      const message = slack.messages.post({
        ...readContent(args),
        ...thread,
        broadcast: args.flag('reply_broadcast'),
        channel: channel.id,
        author: slack.workspace.bot.id,
      });
      return { ...posted(slack, message), ...(isCut(args) ? { warning: 'message_truncated' } : {}) };
    },
  },

  'chat.update': {
    token: 'bot',
    scope: 'chat:write',
    run(args, slack) {
      const message = ownMessage(args, slack);
      if (!['text', 'blocks', 'attachments', 'metadata'].some(args.has)) throw new SlackError('no_text');
      if (Buffer.byteLength(args.text('text') ?? '') > editedTextBytes) throw new SlackError('msg_too_long');
      const edited = slack.messages.edit(message, readContent(args, message));
      return { ...posted(slack, edited), text: edited.text };
    },
  },

  'chat.delete': {
    token: 'bot',
    scope: 'chat:write',
    run(args, slack) {
      const message = ownMessage(args, slack, 'cant_delete_message');
      slack.messages.remove(message);
      return { channel: message.channel, ts: message.ts };
    },
  },

  'chat.postEphemeral': {
    token: 'bot',
    scope: 'chat:write',
    run(args, slack) {
      const channel = writableChannel(slack, args.required('channel'));
      const person = knownUser(slack, args.required('user'));
      if (!channel.members.has(person.id)) throw new SlackError('user_not_in_channel');
      const message = slack.messages.post({
        ...readContent(args),
        ...parent(args, slack, channel.id),
        channel: channel.id,
        author: slack.workspace.bot.id,
        onlyVisibleTo: person.id,
      });
      return { message_ts: message.ts };
    },
  },

  'chat.getPermalink': {
    token: 'bot',
    run(args, slack) {
      const channel = visibleChannel(slack, args.required('channel'));
      const ts = args.required('message_ts');
      const message = slack.messages.find(channel.id, ts);
      if (!message || message.onlyVisibleTo) throw new SlackError('message_not_found');
      const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
      return {
        channel: channel.id,
        permalink: `https://${slack.workspace.team.domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}${thread}`,
      };
    },
  },
};

/** Posting to a person means posting to the direct message with them. */
function conversation(channelOrUser: string, slack: Slack): string {
  const person = slack.workspace.findUser(channelOrUser);
  return person ? slack.workspace.directMessageWith(person).id : channelOrUser;
}

function parent(args: Arguments, slack: Slack, channel: string): { threadTs?: string } {
  const ts = args.text('thread_ts');
  if (!ts) return {};
  const message = slack.messages.find(channel, ts);
  if (!message || message.onlyVisibleTo) throw new SlackError('thread_not_found');
  return { threadTs: message.threadTs ?? message.ts };
}

function ownMessage(args: Arguments, slack: Slack, notOurs = 'cant_update_message'): Message {
  const channel = visibleChannel(slack, args.required('channel'));
  const message = slack.messages.find(channel.id, args.required('ts'));
  // An ephemeral message can be changed through a response_url alone.
  if (!message || message.onlyVisibleTo) throw new SlackError('message_not_found');
  if (message.author !== slack.workspace.bot.id) throw new SlackError(notOurs);
  // Slack's word for a channel that is frozen, archived or deleted (docs.slack.dev, chat.update).
  if (channel.isArchived) throw new SlackError('is_inactive');
  return message;
}

function posted(slack: Slack, message: Message): Record<string, unknown> {
  return {
    channel: message.channel,
    ts: message.ts,
    message: apiMessage(slack, message, { withMetadata: true }),
  };
}

function isCut(args: Arguments): boolean {
  return [...(args.text('text') ?? '')].length > textCutAt;
}
