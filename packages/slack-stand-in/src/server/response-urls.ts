import { randomBytes } from 'node:crypto';
import { SlackError } from '../slack-error.ts';
import { respond } from '../web-api/responses.ts';
import type { Slack } from './slack-state.ts';

/** docs.slack.dev, interactivity/handling-user-interaction. */
const usesAllowed = 5;

const lifeMs = 30 * 60_000;

/** Where a response_url answers to: a person, in a channel, about a message if there is one. */
export interface ResponseTarget {
  readonly channel: string;
  readonly person: string;
  readonly threadTs?: string;
  originalTs?: string;
}

export interface ResponseUrls {
  issue(target: ResponseTarget): string;
  /** For tests of what an app does when it comes too late. */
  expireAll(): void;
  answer(
    slack: Slack,
    path: string,
    body: Record<string, unknown>,
  ): { readonly status: number; readonly body: string };
}

export function createResponseUrls(origin: string): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; uses: number; until: number }>();
  return {
    issue(target) {
      const path = `/response/${randomBytes(16).toString('hex')}`;
      issued.set(path, { target, uses: 0, until: Date.now() + lifeMs });
      return origin + path;
    },
    expireAll() {
      for (const url of issued.values()) url.until = 0;
    },
    answer(slack, path, body) {
      const url = issued.get(path);
      if (!url || Date.now() > url.until) return { status: 404, body: 'expired_url' };
      if (url.uses >= usesAllowed) return { status: 404, body: 'used_url' };
      url.uses += 1;
      try {
        respond(slack, url.target, body);
        return { status: 200, body: 'ok' };
      } catch (error) {
        if (error instanceof SlackError) return { status: 400, body: error.code };
        throw error;
      }
    },
  };
}
