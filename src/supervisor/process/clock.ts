/** Time as the drain sees it, so that tests need not live through it. */
export interface Clock {
  /** Milliseconds; only differences mean something. */
  now(): number;
  /** Ends early, without an error, when `wake` is aborted. */
  sleep(ms: number, wake?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, wake) =>
    new Promise((resolve) => {
      if (wake?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        wake?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      wake?.addEventListener('abort', end, { once: true });
    }),
};
