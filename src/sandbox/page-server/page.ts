import type { ServerResponse } from 'node:http';
import { ImpossibleForAPerson } from '../../../packages/slack-stand-in/src/people/person.ts';
import type {
  HttpRequest,
  RequestHandler,
} from '../../../packages/slack-stand-in/src/server/loopback-server.ts';
import { HostRefusal } from '../demo-host.ts';
import { type PageDeeds, pageDeeds } from './page-deeds.ts';
import { createFeed } from './page-feed.ts';
import { pageHeaders, readPageFiles } from './page-files.ts';
import type { PageWorld } from './side-panel.ts';

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** The workspace in a browser: its files, a stream of what one person sees, and what that person does. */
export interface Page {
  readonly handler: RequestHandler;
  open(world: PageWorld): void;
  close(): void;
}

export async function createPage(): Promise<Page> {
  const serveFile = await readPageFiles();
  let deeds: PageDeeds | undefined;
  let feed: ReturnType<typeof createFeed> | undefined;

  async function handler(request: HttpRequest, response: ServerResponse): Promise<boolean> {
    const { pathname, searchParams } = request.url;
    if (request.method === 'GET' && serveFile(pathname, response)) return true;
    if (!pathname.startsWith('/page/')) return false;
    if (deeds === undefined || feed === undefined) {
      answer(response, { status: 503, body: { error: 'the sandbox is still starting' } });
    } else if (request.method === 'GET' && pathname === '/page/events') {
      if (!feed.open(searchParams.get('as') ?? '', response))
        answer(response, { status: 404, body: { error: 'there is no such person' } });
    } else {
      answer(response, await perform(deeds, pathname.slice('/page/'.length), request));
    }
    return true;
  }

  return {
    handler,
    open(world) {
      deeds = pageDeeds(world);
      feed = createFeed(world);
    },
    close: () => feed?.close(),
  };
}

/** A deed comes as JSON from the page itself: a form elsewhere can send neither. */
async function perform(deeds: PageDeeds, name: string, request: HttpRequest): Promise<Answer> {
  const deed = Object.hasOwn(deeds, name) ? deeds[name] : undefined;
  if (request.method !== 'POST' || deed === undefined)
    return { status: 404, body: { error: 'no such deed' } };
  const { origin, host, 'content-type': type = '' } = request.headers;
  if (origin !== `http://${host}` || !/^application\/json\b/.test(type))
    return { status: 403, body: { error: 'deeds come from the page itself, as JSON' } };
  try {
    return { status: 200, body: await deed(request.body) };
  } catch (error) {
    if (error instanceof ImpossibleForAPerson || error instanceof HostRefusal)
      return { status: 409, body: { error: error.message } };
    throw error;
  }
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  response
    .writeHead(status, { ...pageHeaders, 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body));
}
