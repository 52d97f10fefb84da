import { readdir, readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname } from 'node:path';

/** Answers with one of the page's files; false if there is none of that name. */
export type ServeFile = (pathname: string, response: ServerResponse) => boolean;

const directory = new URL('../page/', import.meta.url);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline, and no other page around this one. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of everything that the page is made of. */
export const pageHeaders = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
} as const;

/** Reads the files once: what isn't among them cannot be asked for. */
export async function readPageFiles(): Promise<ServeFile> {
  const names = (await readdir(directory)).filter((name) => extname(name) in types);
  const files = new Map<string, Buffer>();
  for (const name of names) files.set(`/page/${name}`, await readFile(new URL(name, directory)));
  const index = files.get('/page/index.html');
  if (index) files.set('/', index);

  return (pathname, response) => {
    const content = files.get(pathname);
    if (content === undefined) return false;
    const type = types[extname(pathname) || '.html'] ?? 'text/plain';
    response.writeHead(200, { ...pageHeaders, 'content-type': type }).end(content);
    return true;
  };
}
