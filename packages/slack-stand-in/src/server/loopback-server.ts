import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** Handles a request and says so, or leaves it to the next. */
export type RequestHandler = (request: HttpRequest, response: ServerResponse) => Promise<boolean>;

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LoopbackServer {
  readonly origin: string;
  close(): Promise<void>;
}

interface ServerOptions {
  readonly port: number;
  readonly handlers: readonly RequestHandler[];
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const bodyLimitBytes = 1_000_000;

/**
 * Listens on 127.0.0.1 alone, and only to requests that name it so and come from no page but its own: one elsewhere that points
 * its own name here, or sends what it likes here, gets nothing.
 */
export async function startLoopbackServer({
  port,
  handlers,
  upgrade,
}: ServerOptions): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      const status = error instanceof TooLarge ? 413 : 500;
      response
        .writeHead(status, { connection: 'close' })
        .end(error instanceof Error ? error.message : String(error));
    });
  });
  const hosts = await listen(server, port);
  const origin = `http://${hosts[0]}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOurs(request)) {
      response.writeHead(403).end(`this server answers to ${hosts.join(' or ')} alone, and to its own pages`);
      return;
    }
    const asked = {
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', origin),
      headers: request.headers,
      body: await readBody(request),
    };
    for (const handle of handlers) {
      if (await handle(asked, response)) return;
    }
    response.writeHead(404).end();
  }

  /** Programs name no origin; a browser does wherever another page's request could do harm. */
  function isOurs({ headers: { host = '', origin: asking } }: IncomingMessage): boolean {
    return hosts.includes(host) && (asking === undefined || asking === `http://${host}`);
  }

  server.on('upgrade', (request, socket, head) => {
    // Someone who hangs up during the handshake is no news.
    socket.on('error', () => socket.destroy());
    if (isOurs(request)) upgrade(request, socket, head);
    else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
  });

  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** The port that was asked for cannot be had. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

/** The names the server answers to. */
function listen(server: Server, port: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      const why = code === 'EADDRINUSE' ? 'another program listens there' : String(code);
      reject(new PortError(`port ${port} on 127.0.0.1 cannot be had (${why}); name another, or none`));
    });
    server.listen(port, '127.0.0.1', () => {
      const { port: given } = server.address() as AddressInfo;
      resolve([`127.0.0.1:${given}`, `localhost:${given}`]);
    });
  });
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bodyLimitBytes) chunks.push(chunk);
      // What still comes is read and dropped, so that the client gets to read the answer.
      else reject(new TooLarge(`a request body is limited to ${bodyLimitBytes} bytes`));
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });
}
