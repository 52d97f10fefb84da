import { JournalError } from '../operations/journal.ts';
import type { Log } from './log.ts';

/** Milliseconds between the end of one look and the next. */
const everyMs = 3000;

/** Looks again and again, one look at a time, until the function it gives is called. A look that fails is no reason not to look again. */
export function keepLooking(look: () => Promise<void>, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function lookOnce(): Promise<void> {
    try {
      await look();
    } catch (error) {
      const isJournal = error instanceof JournalError;
      log.error(isJournal ? 'the journal cannot be used' : 'a look around failed', { error: String(error) });
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
