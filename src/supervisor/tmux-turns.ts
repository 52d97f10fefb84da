import type { Tmux } from './tmux-command.ts';

/**
 * The same tmux, but only so many commands at a time: of a hundred clients at once each would be slow enough to be given up. The
 * time a command waits for its turn does not count against it.
 */
export function inTurns(tmux: Tmux, atOnce: number): Tmux {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (commands, timeoutMs) => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await tmux(commands, timeoutMs);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
