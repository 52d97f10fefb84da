import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { hasEnded, readOf, stateIn } from './process-table.ts';

/**
 * Feels several times a second whether processes live: the way to see an agent end under a loop that tells nobody. What it feels to
 * be gone is gone to a look, too: one that waits to be reaped has ended.
 */
export interface Pulse {
  /** In place of what was felt before. */
  feel(touch: Touch): void;
  close(): void;
}

export interface Touch {
  /** Nobody tells when they end: felt at every beat. */
  readonly silent: readonly number[];
  /** Somebody does, as a rule: felt at every 25th. */
  readonly told?: readonly number[];
  /** By pid, with the children it is known to have: felt at every fifth beat, all at the price of one. */
  readonly parents?: ReadonlyMap<number, readonly number[]>;
}

export interface PulseOptions {
  /** Between two beats. */
  readonly everyMs: number;
  /** One that was felt has ended, or a known child of a parent has. */
  readonly onGone: () => void;
  /** A parent has a child that was not known. Only where the kernel lists children. */
  readonly onBorn?: () => void;
}

const parentsBeats = 5;

const toldBeats = 25;

export function createPulse({ everyMs, onGone, onBorn }: PulseOptions): Pulse {
  let beats: readonly Beat[] = [];
  let isClosed = false;

  return {
    feel({ silent, told = [], parents = new Map() }) {
      for (const beat of beats) beat.close();
      if (isClosed) return;
      beats = [
        createBeat(everyMs, silent.map(lifeOf), take),
        createBeat(
          everyMs * parentsBeats,
          [...parents].map(([pid, children]) => parentOf(pid, children)),
          take,
        ),
        createBeat(everyMs * toldBeats, told.map(lifeOf), take),
      ];
    },
    close() {
      isClosed = true;
      for (const beat of beats) beat.close();
    },
  };

  function take(news: 'gone' | 'born'): void {
    if (news === 'gone') onGone();
    else onBorn?.();
  }
}

interface Beat {
  close(): void;
}

interface Life {
  /** What is new since it was felt last. */
  feel(): 'gone' | 'born' | 'same';
  close(): void;
}

/** To wake up costs more than to feel: where there is nothing to feel there is no beat. */
function createBeat(everyMs: number, felt: readonly Life[], onNews: (news: 'gone' | 'born') => void): Beat {
  let lives = felt;
  const timer = lives.length === 0 ? undefined : setInterval(beat, everyMs);
  return {
    close() {
      clearInterval(timer);
      for (const life of lives) life.close();
      lives = [];
    },
  };

  function beat(): void {
    const news = lives.map((life) => life.feel());
    const over = lives.filter((_, index) => news[index] === 'gone');
    for (const life of over) life.close();
    lives = lives.filter((life) => !over.includes(life));
    if (over.length > 0) onNews('gone');
    else if (news.includes('born')) onNews('born');
  }
}

/** Whether the kernel lists the children of a process. */
export const feelsBirths = existsSync('/proc/thread-self/children');

/** Opened once, as that costs more than to read it; it stays this process's, whoever gets its pid next. */
function lifeOf(pid: number): Life {
  const file = openOf(pid, 'stat');
  if (file === undefined) return { feel: () => (isGone(pid) ? 'gone' : 'same'), close: () => undefined };
  return { feel: () => (isOver(file) ? 'gone' : 'same'), close: () => closeSync(file) };
}

function parentOf(pid: number, children: readonly number[]): Life {
  const file = openOf(pid, `task/${pid}/children`);
  if (file === undefined) return lifeOf(pid);
  let known = new Set(children.map(String));
  let last: string | undefined;
  return {
    feel() {
      const list = readAll(file);
      if (list === last) return 'same';
      last = list;
      const now = new Set(list.split(' ').filter(Boolean));
      if (children.some((child) => !now.has(String(child)))) return 'gone';
      const isBorn = [...now].some((child) => !known.has(child));
      known = now;
      return isBorn ? 'born' : 'same';
    },
    close: () => closeSync(file),
  };
}

function openOf(pid: number, name: string): number | undefined {
  try {
    return openSync(`/proc/${pid}/${name}`, 'r');
  } catch {
    return undefined;
  }
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

const page = Buffer.alloc(4096);

/** Of a process that has gone, nothing. */
function readAll(file: number): string {
  let text = '';
  for (let length = -1; length !== 0; text += page.toString('latin1', 0, length)) {
    length = readSync(file, page, 0, page.length, text.length);
  }
  return text;
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
