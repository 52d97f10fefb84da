import { readFileSync } from 'node:fs';

/** How many processes the kernel of this host has killed for want of memory since it was asked last; 0 where it does not tell. */
export function createMemoryKills(path = '/proc/vmstat'): () => number {
  let last = read(path);
  return () => {
    const now = read(path);
    const since = now - last;
    last = now;
    return Math.max(0, since);
  };
}

function read(path: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
