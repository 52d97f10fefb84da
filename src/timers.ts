/** Time as the watch sees it, so that a test can live through a week of it. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `act` once, later; what it returns takes that back. */
  after(ms: number, act: () => void): () => void;
}

export const systemTimers: Timers = {
  now: Date.now,
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};
