import { webApi } from '@slack/bolt';
import { JournalError } from '../operations/journal.ts';
import type { Refusal } from '../operations/refusal.ts';
import { RefusedError } from '../operations/refusal.ts';
import { SupervisorError } from '../supervisor/supervisor.ts';
import { likelyTypoOf } from '../team/likely-typo.ts';
import { timeOfDay } from './blocks.ts';
import { mention } from './cards/plan-words.ts';
import { escaped } from './outside-text.ts';

/** What a person wrote makes no command; the message says what does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Nothing is begun any more; the message says so. */
export class NotNowError extends Error {
  override readonly name = 'NotNowError';
}

export interface Explanation {
  /** mrkdwn, escaped. */
  readonly words: string;
  /** Our own mistake: the log has the details under an id. */
  readonly isBug: boolean;
}

/** Every failure in words that say what happened and what to do. */
export function explain(error: unknown): Explanation {
  if (error instanceof UsageError || error instanceof NotNowError)
    return { words: error.message, isBug: false };
  if (error instanceof RefusedError) return { words: refusalWords(error.refusal), isBug: false };
  if (error instanceof JournalError)
    return { words: `${escaped(error.message, 500)} Nothing was touched.`, isBug: false };
  if (error instanceof SupervisorError)
    return { words: `${escaped(error.message, 500)}. Nothing more was done.`, isBug: false };
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

function refusalWords(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'unknown-selection': {
      const { asked, known } = refusal;
      const noun = asked.includes(':') ? 'agent' : 'project';
      const near = likelyTypoOf(asked, known);
      const hint =
        near === undefined
          ? `There ${known.length === 1 ? 'is' : 'are'}: ${escaped(known.slice(0, 20).join(', ') || 'none')}.`
          : `Did you mean ${escaped(near)}?`;
      return `There is no ${noun} ${escaped(asked, 150)}. ${hint}`;
    }
    case 'team-does-not-load': {
      const lines = refusal.complaints.slice(0, 10).map((complaint) => `• ${escaped(complaint, 300)}`);
      const more = refusal.complaints.length > 10 ? [`• and ${refusal.complaints.length - 10} more`] : [];
      return ["The team's files don't load. Nothing was touched.", ...lines, ...more].join('\n');
    }
    case 'busy': {
      const { text, askedBy, since, project, id, pid, link } = refusal.operation;
      const name = link === undefined ? id : `<${link}|${id}>`;
      const where = pid === undefined ? '' : `, in another Muster on this host (pid ${pid})`;
      return `${escaped(project)} is busy with ${escaped(text, 150)}, asked by ${mention(askedBy)} at ${timeOfDay(since)} (${name})${where}. Nothing was touched; ask again when it is over.`;
    }
  }
}
