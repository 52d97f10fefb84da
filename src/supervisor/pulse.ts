/**
 * Feels many times a second whether processes live, at a third of a microsecond each: the way to see an agent end under a loop
 * that tells nobody. One that has ended and waits to be reaped counts as alive; a look finds it.
 */
export interface Pulse {
  /** In place of what was felt before. */
  feel(pids: readonly number[]): void;
  close(): void;
}

export function createPulse(everyMs: number, onGone: () => void): Pulse {
  let felt: readonly number[] = [];
  const timer = setInterval(() => {
    const living = felt.filter((pid) => !isGone(pid));
    if (living.length === felt.length) return;
    felt = living;
    onGone();
  }, everyMs);

  return {
    feel(pids) {
      felt = pids;
    },
    close: () => clearInterval(timer),
  };
}

/** No process has this pid. Cheap, and enough where a recent look saw it live. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
