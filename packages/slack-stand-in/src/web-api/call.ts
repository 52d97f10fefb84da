import type { ApiAnswer } from '../server/events.ts';
import type { Slack } from '../server/slack-state.ts';
import { SlackError } from '../slack-error.ts';
import { type ApiMethod, type ApiMethods, needScope } from './api-method.ts';
import { session } from './auth.ts';
import { readArguments } from './call-arguments.ts';
import { chat } from './chat.ts';
import { conversations } from './conversations.ts';
import { reactions } from './reactions.ts';
import { scheduled } from './scheduled.ts';
import { people } from './users.ts';
import { views } from './views.ts';

/** Every Web API method the stand-in serves. */
const methods: ApiMethods = {
  ...session,
  ...chat,
  ...scheduled,
  ...conversations,
  ...people,
  ...views,
  ...reactions,
};

/** Answers as Slack does: a refusal is an answer too. */
export function callMethod(
  slack: Slack,
  { method: name, token, args }: { method: string; token: string | undefined; args: Record<string, unknown> },
): ApiAnswer {
  try {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!method) throw new SlackError('unknown_method', { req_method: name });
    checkToken(slack, method, token);
    if (method.scope) needScope(slack, method.scope);
    return { ok: true, ...method.run(readArguments(args), slack) };
  } catch (error) {
    if (error instanceof SlackError) return { ok: false, error: error.code, ...error.details };
    throw error;
  }
}

function checkToken(slack: Slack, method: ApiMethod, token: string | undefined): void {
  if (!token) throw new SlackError('not_authed');
  if (token !== slack.botToken && token !== slack.appToken) throw new SlackError('invalid_auth');
  if (slack.lockedOut) throw new SlackError(slack.lockedOut);
  if (token !== (method.token === 'bot' ? slack.botToken : slack.appToken))
    throw new SlackError('not_allowed_token_type');
}
