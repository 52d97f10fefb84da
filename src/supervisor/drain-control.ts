/** The handle on a running drain: whoever orders the drain makes one and keeps it. */
export interface DrainControl {
  /** Adds to the budget of the running drain. */
  extend(byMs: number): void;
  /** Ends the waiting: the drain falls through to force at once. */
  killNow(): void;
  /** What has been added so far, in milliseconds. */
  readonly addedMs: number;
  /** Aborted by `killNow`. */
  readonly cutShort: AbortSignal;
}

export function createDrainControl(): DrainControl {
  const cut = new AbortController();
  let addedMs = 0;
  return {
    extend(byMs) {
      addedMs += byMs;
    },
    killNow() {
      cut.abort();
    },
    get addedMs() {
      return addedMs;
    },
    cutShort: cut.signal,
  };
}
