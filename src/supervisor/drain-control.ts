/** The handle on a running drain. Times are milliseconds since the drain began. */
export interface DrainControl {
  /** Adds to the budget of the running drain. */
  extend(byMs: number): void;
  /** Ends the waiting: the drain falls through to force at once. */
  killNow(): void;
}
