import type { MessageButton } from '../render/buttons.ts';
import type { Message } from '../server/message-store.ts';
import type { ResponseTarget } from '../server/response-urls.ts';
import type { Slack } from '../server/slack-state.ts';
import { apiMessage } from '../web-api/api-message.ts';
import type { Channel, Person, SlashCommand } from '../workspace.ts';
import { deliverableText } from './typed-text.ts';

type Payload = Record<string, unknown>;

/** A typed command as the app gets it; there is no thread in it, since Slack takes no commands in threads. */
export function slashPayload(
  slack: Slack,
  {
    person,
    channel,
    command,
    rest,
    target,
  }: { person: Person; channel: Channel; command: SlashCommand; rest: string; target: ResponseTarget },
): Payload {
  const { workspace } = slack;
  const channelNames = { public: channel.name, private: 'privategroup', direct: 'directmessage' };
  return {
    token: 'verification',
    team_id: person.teamId,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: channelNames[channel.kind],
    user_id: person.id,
    user_name: person.name,
    command: command.name,
    text: deliverableText(rest, workspace, command),
    api_app_id: workspace.appId,
    is_enterprise_install: 'false',
    response_url: slack.responseUrls.issue(target),
    trigger_id: slack.triggers.issue(person.id),
  };
}

/** A pressed button as the app gets it. */
export function blockActionsPayload(
  slack: Slack,
  person: Person,
  message: Message,
  { element, actionId, blockId }: MessageButton,
): Payload {
  const channel = slack.workspace.channel(message.channel);
  const isEphemeral = message.onlyVisibleTo !== undefined;
  const { threadTs } = message;
  return {
    type: 'block_actions',
    ...sender(slack, person),
    channel: { id: channel.id, name: channel.kind === 'direct' ? 'directmessage' : channel.name },
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    },
    // A client has nothing but its ts to say about an ephemeral message.
    ...(isEphemeral ? {} : { message: apiMessage(slack, message, { withMetadata: true }) }),
    state: { values: {} },
    actions: [
      {
        ...element,
        action_id: actionId,
        block_id: blockId,
        action_ts: ((performance.timeOrigin + performance.now()) / 1000).toFixed(6),
      },
    ],
    response_url: slack.responseUrls.issue({
      channel: channel.id,
      person: person.id,
      originalTs: message.ts,
      ...(threadTs ? { threadTs } : {}),
    }),
  };
}

/** What every interaction says about who acted where. */
export function sender({ workspace, triggers }: Slack, person: Person): Payload {
  return {
    token: 'verification',
    api_app_id: workspace.appId,
    team: { id: workspace.team.id, domain: workspace.team.domain },
    enterprise: null,
    is_enterprise_install: false,
    // Where they came from; where they pressed is `team`.
    user: {
      id: person.id,
      username: person.name,
      name: person.name,
      team_id: person.grid?.home ?? person.teamId,
    },
    trigger_id: triggers.issue(person.id),
  };
}
