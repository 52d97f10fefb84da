import { webApi } from '@slack/bolt';
import type { Log } from '../../log/log.ts';
import { boltLogger } from './bolt-logger.ts';
import { lockedOut, refusalOf } from './token-errors.ts';

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

/** Calls Slack as the bot, and says once when Slack takes the token no more. */
export class BotClient extends webApi.WebClient {
  readonly #onRefused: (reason: string) => void;
  #told = false;

  constructor(token: string, options: webApi.WebClientOptions, onRefused: (reason: string) => void) {
    super(token, options);
    this.#onRefused = onRefused;
  }

  override async apiCall(method: string, args?: Record<string, unknown>): Promise<webApi.WebAPICallResult> {
    try {
      return await super.apiCall(method, args);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined && !this.#told) {
        this.#told = true;
        this.#onRefused(refusal);
      }
      throw error;
    }
  }
}

export interface Workspace {
  readonly teamId: string;
  readonly teamName: string;
  readonly botUser: string;
  /** Where it is in a browser, with a slash at the end. */
  readonly url: string;
}

/** Whom the bot token belongs to. Throws SlackRefusedError for a token Slack does not take. */
export async function readWorkspace(client: webApi.WebClient): Promise<Workspace> {
  try {
    const { team_id = '', team = '', user_id = '', url = '' } = await client.auth.test();
    return { teamId: team_id, teamName: team, botUser: user_id, url };
  } catch (error) {
    throw lockedOut(error, 'SLACK_BOT_TOKEN') ?? error;
  }
}
