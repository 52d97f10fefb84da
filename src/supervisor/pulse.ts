import { closeSync, openSync, readSync } from 'node:fs';
import { hasEnded, readOf, stateIn } from './process-table.ts';

/**
 * Feels several times a second whether processes live, at about a microsecond each: the way to see an agent end under a loop that
 * tells nobody. What it feels to be gone is gone to a look, too: one that waits to be reaped has ended.
 */
export interface Pulse {
  /** In place of what was felt before. */
  feel(pids: readonly number[]): void;
  close(): void;
}

interface Life {
  isOver(): boolean;
  close(): void;
}

export function createPulse(everyMs: number, onGone: () => void): Pulse {
  let felt: readonly Life[] = [];
  let isClosed = false;
  const timer = setInterval(() => {
    const over = felt.filter((life) => life.isOver());
    if (over.length === 0) return;
    for (const life of over) life.close();
    felt = felt.filter((life) => !over.includes(life));
    onGone();
  }, everyMs);

  return {
    feel(pids) {
      for (const life of felt) life.close();
      felt = isClosed ? [] : pids.map(lifeOf);
    },
    close() {
      isClosed = true;
      clearInterval(timer);
      for (const life of felt) life.close();
      felt = [];
    },
  };
}

/** Opened once, as that costs more than to read it; it stays this process's, whoever gets its pid next. */
function lifeOf(pid: number): Life {
  let file: number;
  try {
    file = openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return { isOver: () => isGone(pid), close: () => undefined };
  }
  return { isOver: () => isOver(file), close: () => closeSync(file) };
}

/** Longer than a pid, a name and a state. */
const beginning = Buffer.alloc(64);

function isOver(file: number): boolean {
  try {
    const length = readSync(file, beginning, 0, beginning.length, 0);
    return hasEnded(stateIn(beginning.toString('latin1', 0, length)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
    throw error;
  }
}

/** Nothing that lives has this pid. Enough where a recent look saw it live. */
export function isGone(pid: number): boolean {
  const stat = readOf(pid, 'stat');
  if (stat !== undefined) return hasEnded(stateIn(stat));
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
