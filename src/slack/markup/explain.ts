import { webApi } from '@slack/bolt';
import { RefusedError } from '../../domain/refusal.ts';
import { JournalError } from '../../journal/journal.ts';
import { refusalWords, UsageError } from '../../language/refusals.ts';
import { escaped } from './mrkdwn.ts';
import { slackWording } from './slack-phrases.ts';

export interface Explanation {
  /** mrkdwn, escaped. */
  readonly words: string;
  /** Our own mistake: the log has the details under an id. */
  readonly isBug: boolean;
}

/** Every failure in words that say what happened and what to do. */
export function explain(error: unknown): Explanation {
  if (error instanceof UsageError) return { words: error.message, isBug: false };
  if (error instanceof RefusedError)
    return { words: refusalWords(error.refusal, slackWording(new Date())).join('\n'), isBug: false };
  if (error instanceof JournalError)
    return { words: `${escaped(error.message, 500)} Nothing was touched.`, isBug: false };
  if (error instanceof webApi.WebAPIPlatformError)
    return { words: slackRefused(error.data.error), isBug: false };
  if (isNoAnswer(error))
    return {
      words: 'Slack did not answer in time, so nothing was touched. Ask again in a little while.',
      isBug: false,
    };
  return { words: 'Something went wrong inside Muster.', isBug: true };
}

function isNoAnswer(error: unknown): boolean {
  const { WebAPIHTTPError, WebAPIRequestError, WebAPIRateLimitedError } = webApi;
  return [WebAPIHTTPError, WebAPIRequestError, WebAPIRateLimitedError].some((kind) => error instanceof kind);
}

/** A card is posted before anything is touched: where it cannot be, nothing was. */
function slackRefused(reason: string): string {
  const cannotPost = ['not_in_channel', 'channel_not_found', 'is_archived', 'restricted_action'].includes(
    reason,
  );
  return cannotPost
    ? `I cannot post in this channel (${escaped(reason)}), so nothing was touched. Type \`/invite @Muster\` here and ask again.`
    : `Slack refused the message (${escaped(reason)}), so nothing was touched.`;
}
