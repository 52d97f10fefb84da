import type { Message } from '../server/message-store.ts';
import type { Slack } from '../server/slack-state.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel } from '../workspace.ts';
import { apiMessage } from './api-message.ts';
import { type ApiMethods, joinedChannel, knownUser, needScope, visibleChannel } from './api-method.ts';
import type { Arguments } from './call-arguments.ts';

const scopePrefix = { public: 'channels', private: 'groups', direct: 'im' } as const;

export const conversations: ApiMethods = {
  'conversations.info': {
    token: 'bot',
    run(args, slack) {
      const channel = visibleChannel(slack, args.required('channel'));
      needScope(slack, `${scopePrefix[channel.kind]}:read`);
      return { channel: apiChannel(channel, slack) };
    },
  },

  'conversations.members': {
    token: 'bot',
    run(args, slack) {
      const channel = visibleChannel(slack, args.required('channel'));
      needScope(slack, `${scopePrefix[channel.kind]}:read`);
      return { members: [...channel.members], response_metadata: { next_cursor: '' } };
    },
  },

  'conversations.history': {
    token: 'bot',
    run(args, slack) {
      const channel = readable(args, slack);
      const inChannel = slack.messages
        .all()
        .filter((message) => message.channel === channel.id && (!message.threadTs || message.broadcast));
      return page(args, slack, inChannel.reverse());
    },
  },

  'conversations.replies': {
    token: 'bot',
    run(args, slack) {
      const channel = readable(args, slack);
      const ts = args.required('ts');
      if (!slack.messages.find(channel.id, ts)) throw new SlackError('thread_not_found');
      return page(
        args,
        slack,
        slack.messages.all().filter((message) => message.ts === ts || message.threadTs === ts),
      );
    },
  },

  'conversations.open': {
    token: 'bot',
    scope: 'im:write',
    run(args, slack) {
      const person = knownUser(slack, args.required('users'));
      return { channel: { id: slack.workspace.directMessageWith(person).id } };
    },
  },
};

function readable(args: Arguments, slack: Slack): Channel {
  const channel = joinedChannel(slack, args.required('channel'));
  needScope(slack, `${scopePrefix[channel.kind]}:history`);
  return channel;
}

/** Ephemeral messages are in nobody's history. */
function page(args: Arguments, slack: Slack, candidates: readonly Message[]): Record<string, unknown> {
  const oldest = args.text('oldest') ?? '0';
  const latest = args.text('latest') ?? '9999999999.999999';
  const inclusive = args.flag('inclusive');
  const wanted = candidates
    .filter((message) => !message.onlyVisibleTo)
    .filter(({ ts }) => (ts > oldest && ts < latest) || (inclusive && (ts === oldest || ts === latest)));

  const from = Number(Buffer.from(args.text('cursor') ?? '', 'base64').toString() || 0);
  const to = from + Math.min(args.number('limit') ?? 100, 999);
  const withMetadata = args.flag('include_all_metadata');
  const hasMore = wanted.length > to;
  return {
    messages: wanted.slice(from, to).map((message) => apiMessage(slack, message, { withMetadata })),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? Buffer.from(String(to)).toString('base64') : '' },
  };
}

function apiChannel(channel: Channel, { workspace }: Slack): Record<string, unknown> {
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: channel.kind === 'direct',
    is_private: channel.kind !== 'public',
    is_member: channel.members.has(workspace.bot.id),
    is_archived: channel.isArchived,
    is_shared: false,
    is_ext_shared: workspace.people.some(({ kind, id }) => kind === 'stranger' && channel.members.has(id)),
    num_members: channel.members.size,
  };
}
