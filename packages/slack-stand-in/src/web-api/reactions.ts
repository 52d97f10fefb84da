import { SlackError } from '../slack-error.ts';
import { type ApiMethods, joinedChannel } from './api-method.ts';

export const reactions: ApiMethods = {
  'reactions.add': {
    token: 'bot',
    scope: 'reactions:write',
    run(args, slack) {
      const { bot } = slack.workspace;
      const channel = joinedChannel(slack, args.required('channel'));
      const message = slack.messages.find(channel.id, args.required('timestamp'));
      if (!message || message.onlyVisibleTo) throw new SlackError('message_not_found');
      const name = args.required('name');
      if (message.reactions.some((given) => given.name === name && given.by === bot.id)) {
        throw new SlackError('already_reacted');
      }
      slack.messages.react(message, name, bot.id);
      return {};
    },
  },
};
