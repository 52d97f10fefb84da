import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { CallFault } from '../faults.ts';
import type { ApiAnswer, CallRecord } from '../server/events.ts';
import type { HttpRequest, RequestHandler } from '../server/loopback-server.ts';
import type { Slack } from '../server/slack-state.ts';
import { callMethod } from './call.ts';

interface Outcome {
  readonly status: number;
  readonly answer: ApiAnswer | string;
  readonly headers?: Record<string, string>;
}

/** Serves `/api/METHOD` and `/response/ID`, with the faults that were asked for in between. */
export function createApiHandler(getSlack: () => Slack, onCall: (call: CallRecord) => void): RequestHandler {
  return async (request, response) => {
    const call = readCall(request);
    if (!call) return false;
    const slack = getSlack();
    const at = new Date();
    const fault = slack.faults.onCall(call.method);

    if (fault?.kind === 'slow') await delay(fault.delayMs);
    // Nothing is awaited between the effect and its record: whoever learns of the one finds the other.
    const outcome = withFault(fault, () => call.run(slack));
    onCall({
      method: call.method,
      args: call.args,
      at,
      tookMs: Date.now() - at.getTime(),
      status: outcome?.status ?? 0,
      answer: outcome?.answer ?? '',
      ...(fault ? { fault } : {}),
    });
    if (outcome) send(response, slack, outcome);
    return true;
  };
}

interface Call {
  readonly method: string;
  readonly args: Record<string, unknown>;
  run(slack: Slack): Outcome;
}

function readCall(request: HttpRequest): Call | undefined {
  const { pathname } = request.url;
  if (pathname.startsWith('/response/')) {
    const args = readBody(request);
    return {
      method: 'response_url',
      args,
      run(slack) {
        const { status, body } = slack.responseUrls.answer(slack, pathname, args);
        return { status, answer: body };
      },
    };
  }
  if (!pathname.startsWith('/api/')) return undefined;
  const method = pathname.slice('/api/'.length);
  const { token: tokenInBody, ...args } = readBody(request);
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? (typeof tokenInBody === 'string' ? tokenInBody : undefined);
  return {
    method,
    args,
    run: (slack) => ({ status: 200, answer: callMethod(slack, { method, token, args }) }),
  };
}

const jsonObject = z.record(z.string(), z.unknown());

/** What can't be read counts as no arguments: the method then says what is missing. */
function readBody({ body, url, headers }: HttpRequest): Record<string, unknown> {
  const query = Object.fromEntries(url.searchParams);
  if (!headers['content-type']?.includes('json'))
    return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  try {
    return { ...query, ...jsonObject.parse(JSON.parse(body)) };
  } catch {
    return query;
  }
}

/** `undefined`: no answer at all. */
function withFault(fault: CallFault | undefined, run: () => Outcome): Outcome | undefined {
  switch (fault?.kind) {
    case undefined:
    case 'slow':
      return run();
    case 'rate-limited':
      return {
        status: 429,
        answer: { ok: false, error: 'ratelimited' },
        headers: { 'retry-after': String(fault.retryAfterSeconds) },
      };
    case 'refused':
      return { status: 200, answer: refusal(fault.error, fault.messages) };
    case 'server-error':
      if (fault.accepted) run();
      return { status: 500, answer: { ok: false, error: 'internal_error' } };
    case 'hang':
      if (fault.accepted) run();
      return undefined;
  }
}

function refusal(error: string, messages: readonly string[] = []): ApiAnswer {
  return { ok: false, error, ...(messages.length > 0 ? { response_metadata: { messages } } : {}) };
}

function send(response: ServerResponse, slack: Slack, { status, answer, headers }: Outcome): void {
  const isJson = typeof answer !== 'string';
  response
    .writeHead(status, {
      'content-type': isJson ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8',
      'x-oauth-scopes': [...slack.scopes].join(','),
      ...headers,
    })
    .end(isJson ? JSON.stringify(answer) : answer);
}
