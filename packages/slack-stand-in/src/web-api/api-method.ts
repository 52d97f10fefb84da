import type { Slack } from '../server/slack-state.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel, Person } from '../workspace.ts';
import type { Arguments } from './call-arguments.ts';

export interface ApiMethod {
  /** Which of the app's two tokens the method wants. */
  readonly token: 'bot' | 'app';
  readonly scope?: string;
  /** Returns what the answer carries besides `ok`; refuses by throwing `SlackError`. */
  run(args: Arguments, slack: Slack): Record<string, unknown>;
}

export type ApiMethods = Readonly<Record<string, ApiMethod>>;

export function needScope(slack: Slack, scope: string): void {
  if (slack.scopes.has(scope)) return;
  throw new SlackError('missing_scope', { needed: scope, provided: [...slack.scopes].join(',') });
}

/** The channel as the bot may know it: one it wasn't invited to and that is private does not exist for it. */
export function visibleChannel(slack: Slack, id: string): Channel {
  const channel = slack.workspace.findChannel(id);
  if (!channel || (channel.kind !== 'public' && !channel.members.has(slack.workspace.bot.id))) {
    throw new SlackError('channel_not_found');
  }
  return channel;
}

export function joinedChannel(slack: Slack, id: string): Channel {
  const channel = visibleChannel(slack, id);
  if (!channel.members.has(slack.workspace.bot.id)) throw new SlackError('not_in_channel');
  return channel;
}

export function writableChannel(slack: Slack, id: string): Channel {
  const channel = joinedChannel(slack, id);
  if (channel.isArchived) throw new SlackError('is_archived');
  return channel;
}

export function knownUser(slack: Slack, id: string): Person {
  const person = slack.workspace.findUser(id);
  if (!person) throw new SlackError('user_not_found');
  return person;
}
