import { webApi } from '@slack/bolt';
import type { Workspace } from '../../slack/connection/web-client.ts';

/** The cards cannot be posted there; the message says what to do. */
export class NoPlaceError extends Error {
  override readonly name = 'NoPlaceError';
}

/** The channel in words a person recognises. Throws NoPlaceError if the bot may not post or read there. */
export async function describePlace(
  client: webApi.WebClient,
  channel: string,
  { teamName, url }: Workspace,
): Promise<string> {
  try {
    await client.conversations.history({ channel, limit: 1 });
  } catch (error) {
    const reason = refusal(error);
    if (reason === undefined) throw error;
    // Without the scope for it, posting shows what is what.
    if (reason !== 'missing_scope') throw new NoPlaceError(mend(reason, channel), { cause: error });
  }
  return `${await nameOf(client, channel)} in ${teamName} (${url}archives/${channel})`;
}

/** Its name where the app may ask for it, which Muster needs for nothing else; its id where not. */
async function nameOf(client: webApi.WebClient, channel: string): Promise<string> {
  try {
    const { channel: info } = await client.conversations.info({ channel });
    return info?.name === undefined ? channel : `#${info.name}`;
  } catch (error) {
    if (refusal(error) === undefined) throw error;
    return `channel ${channel}`;
  }
}

function mend(reason: string, channel: string): string {
  switch (reason) {
    case 'not_in_channel':
      return `The bot is not a member of ${channel}. In that channel: /invite @Muster`;
    case 'channel_not_found':
      return `The bot can see no channel ${channel}. If it is private, /invite @Muster there; else copy its id again, from the end of the channel's About tab.`;
    default:
      return `Slack says ${reason} of ${channel}. Look at that channel in Slack.`;
  }
}

function refusal(error: unknown): string | undefined {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;
}
