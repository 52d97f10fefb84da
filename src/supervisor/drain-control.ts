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
  /** Called, and awaited, when the waiting is over and before the first forceful signal; a refusal keeps it from being sent. */
  readonly onForce?: (() => Promise<void> | void) | undefined;
}

export function createDrainControl(onForce?: DrainControl['onForce']): DrainControl {
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
    onForce,
  };
}
