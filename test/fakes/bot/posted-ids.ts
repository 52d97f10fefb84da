import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import type { SlackStandIn } from '../../../packages/slack-stand-in/src/slack-stand-in.ts';

/** What the bot has posted since, by the ids in its messages' metadata. */
export interface PostedIds {
  /** The ids that stand in one channel or thread more than once. */
  twice(): readonly string[];
  of(id: string): readonly Message[];
}

/** Listens from now on: an edit takes a message's metadata away. */
export function postedIds(slack: SlackStandIn): PostedIds {
  const posted = new Map<string, Message[]>();
  slack.events.on('message', (message) => {
    const id = String(message.metadata?.event_payload.id ?? '');
    if (id === '') return;
    posted.set(id, [...(posted.get(id) ?? []), message]);
  });
  return {
    of: (id) => posted.get(id) ?? [],
    twice: () =>
      [...posted].flatMap(([id, messages]) => {
        const places = messages.map(({ channel, threadTs }) => `${id} in ${channel} ${threadTs ?? ''}`);
        return places.filter((place, index) => places.indexOf(place) !== index);
      }),
  };
}
