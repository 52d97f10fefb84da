import { type ApiMethods, visibleChannel, writableChannel } from './api-method.ts';
import { readContent } from './message-content.ts';

/** Messages that Slack posts by itself, later. */
export const scheduled: ApiMethods = {
  'chat.scheduleMessage': {
    token: 'bot',
    scope: 'chat:write',
    run(args, slack) {
      const channel = writableChannel(slack, args.required('channel'));
      args.required('post_at');
      const postAt = args.number('post_at') ?? 0;
      const { id, content } = slack.scheduled.schedule(channel.id, postAt, readContent(args));
      return {
        channel: channel.id,
        scheduled_message_id: id,
        post_at: postAt,
        message: { text: content.text },
      };
    },
  },

  'chat.deleteScheduledMessage': {
    token: 'bot',
    scope: 'chat:write',
    run(args, slack) {
      const channel = visibleChannel(slack, args.required('channel'));
      slack.scheduled.remove(channel.id, args.required('scheduled_message_id'));
      return {};
    },
  },

  'chat.scheduledMessages.list': {
    token: 'bot',
    run(args, slack) {
      const messages = slack.scheduled.pending(args.text('channel'));
      return {
        scheduled_messages: messages.map(({ id, channel, postAt, createdAt, content }) => ({
          id,
          channel_id: channel,
          post_at: postAt,
          date_created: createdAt,
          text: content.text,
        })),
        response_metadata: { next_cursor: '' },
      };
    },
  },
};
