import { webApi } from '@slack/bolt';
import { boltLogger } from './bolt-logger.ts';
import type { Log } from './log.ts';

/** Slack let us not in, and trying again will not change that; the message says which setting to look at. */
export class SlackRefusedError extends Error {
  override readonly name = 'SlackRefusedError';
}

/** How every call to Slack is made: retries are the writer's business, and no answer is waited for beyond 10 s. */
export function clientOptions(apiUrl: string, log: Log): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    allowAbsoluteUrls: false,
    logger: boltLogger(log),
  };
}

export interface Workspace {
  readonly teamId: string;
  readonly teamName: string;
  readonly botUser: string;
}

/** Whom the bot token belongs to. Throws SlackRefusedError for a token Slack does not take. */
export async function readWorkspace(client: webApi.WebClient): Promise<Workspace> {
  try {
    const { team_id = '', team = '', user_id = '' } = await client.auth.test();
    return { teamId: team_id, teamName: team, botUser: user_id };
  } catch (error) {
    if (!(error instanceof webApi.WebAPIPlatformError)) throw error;
    throw new SlackRefusedError(
      `Slack refused SLACK_BOT_TOKEN (${error.data.error}). Copy it again from OAuth & Permissions of your app.`,
      { cause: error },
    );
  }
}
