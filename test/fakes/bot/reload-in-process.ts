import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ReloadNews, ReloadOrder } from './reload-process.ts';

const program = fileURLToPath(new URL('./reload-process.ts', import.meta.url));
/** Most of such a process's life is compiling otherwise. */
const cache = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/muster-tests') };

export interface ReloadEnd {
  readonly signal: NodeJS.Signals | null;
  readonly news: readonly ReloadNews[];
}

/** Reloads in a process of its own; `heard` gets its news while it runs, and ways to kill it or, if it waits, to let it go. */
export async function reloadInProcess(
  order: ReloadOrder,
  heard: (news: ReloadNews, process: { kill(): void; go(): void }) => void = () => undefined,
): Promise<ReloadEnd> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...cache },
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const complaints = text(child.stderr);
  const news: ReloadNews[] = [];
  for await (const line of createInterface(child.stdout)) {
    const one = JSON.parse(line) as ReloadNews;
    news.push(one);
    heard(one, { kill: () => child.kill('SIGKILL'), go: () => child.stdin.end('go\n') });
  }
  const { code, signal } = await ended;
  if (code !== 0 && signal === null) throw new Error(`the reload ended with ${code}: ${await complaints}`);
  return { signal, news };
}
