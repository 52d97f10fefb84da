import type { Log } from '../log/log.ts';

/** Milliseconds between the end of one look and the next. */
const everyMs = 3000;

/**
 * Looks again and again, one look at a time, until the function it gives is called. A look that fails is no reason not to look again;
 * what fails all the time, such as a journal that is missing, is said once.
 */
export function keepLooking(look: () => Promise<void>, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let said: string | undefined;

  async function lookOnce(): Promise<void> {
    try {
      await look();
      said = undefined;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      if (words !== said) log.error('what other processes left cannot be looked at', { error: words });
      said = words;
    }
    if (!stopped) again();
  }

  function again(): void {
    timer = setTimeout(() => void lookOnce(), everyMs);
    timer.unref();
  }

  again();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
