import { webApi } from '@slack/bolt';

export type TokenName = 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

/** Slack lets us not in, and trying again will not change that; the message says what to mend. */
export class SlackRefusedError extends Error {
  override readonly name = 'SlackRefusedError';
}

/** What Slack says of a token, in its own word. */
export interface TokenRefusal {
  readonly error: string;
  /** The scope that the token has not. */
  readonly needed?: string | undefined;
}

/** Slack's words for a token that will never be let in again. */
const refusals = new Set([
  'invalid_auth',
  'not_authed',
  'not_allowed_token_type',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'user_removed_from_team',
  'team_disabled',
  'app_not_found',
]);

/** Its words for a token that is let in, and may not do what it is asked. */
const prohibitions = new Set([
  'missing_scope',
  'no_permission',
  'access_denied',
  'accesslimited',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'forbidden_team',
  'team_access_not_granted',
  'two_factor_setup_required',
]);

/** Slack's word, if it refuses a token for good, whatever it is asked. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof webApi.WebAPIPlatformError)) return undefined;
  const reason = String(error.data.error);
  return refusals.has(reason) ? reason : undefined;
}

/** What a call without which Muster cannot begin has failed of, if no further try would change it. A word of Slack's that is not known here may pass. */
export function lockedOut(error: unknown, token: TokenName): SlackRefusedError | undefined {
  if (error instanceof SlackRefusedError) return error;
  if (!(error instanceof webApi.WebAPIPlatformError)) return undefined;
  const refusal = error.data as unknown as TokenRefusal;
  if (!refusals.has(refusal.error) && !prohibitions.has(refusal.error)) return undefined;
  return new SlackRefusedError(refusalSentences(token, refusal), { cause: error });
}

export function refusalSentences(token: TokenName, refusal: TokenRefusal): string {
  const { found, mend } = describeRefusal(token, refusal);
  return `${found}. ${mend}`;
}

/** What there is to be seen of a token at its place, and the words for it. */
const tokens = {
  SLACK_BOT_TOKEN: {
    page: 'OAuth & Permissions',
    kind: 'the Bot User OAuth Token, which begins with xoxb-',
    renew:
      'Install the app to the workspace once more (OAuth & Permissions of your app) and copy its new token',
    add: 'Add it under OAuth & Permissions, Bot Token Scopes, of your app, install the app once more, and copy its new token',
    scope: 'it needs',
  },
  SLACK_APP_TOKEN: {
    page: 'Basic Information, App-Level Tokens',
    kind: 'an app-level token, which begins with xapp-',
    renew:
      'Make a new one under Basic Information, App-Level Tokens, of your app, with the scope connections:write',
    add: 'Make one with it under Basic Information, App-Level Tokens, of your app',
    scope: 'connections:write',
  },
} as const;

/** What is wrong with a token that Slack refuses, and how to mend it. */
export function describeRefusal(
  token: TokenName,
  { error, needed }: TokenRefusal,
): { readonly found: string; readonly mend: string } {
  const { page, kind, renew, add, scope } = tokens[token];
  const found = `Slack refuses ${token} (${error})`;
  switch (error) {
    case 'missing_scope':
      return { found: `${found}: the scope ${needed ?? scope} is missing`, mend: `${add}.` };
    case 'not_allowed_token_type':
      return { found: `${found}: it is a token of another kind`, mend: `Copy ${kind}: your app, ${page}.` };
    case 'account_inactive':
    case 'token_revoked':
    case 'token_expired':
    case 'user_removed_from_team':
    case 'app_not_found':
      return { found: `${found}: it was good once and is no more`, mend: `${renew}.` };
    case 'team_disabled':
      return {
        found: `${found}: the workspace is closed`,
        mend: `Ask who runs it, or take a token of another one.`,
      };
    case 'invalid_auth':
    case 'not_authed':
      return { found, mend: `Copy it again from ${page} of your app.` };
    default:
      return {
        found: `${found}: the workspace does not let the app do this`,
        mend: 'Ask an admin of the workspace what keeps the app out.',
      };
  }
}
