import { type Journal, JournalError } from './journal.ts';

export interface RetentionOptions {
  readonly journal: Journal;
  readonly keepDays: number;
  /** Gets how many operations were removed. */
  readonly onPruned: (operations: number) => void;
  /** It will be tried again a day later. */
  readonly onFailed: (error: JournalError) => void;
  readonly now?: () => number;
}

const dayMs = 24 * 60 * 60_000;

/**
 * Now and once a day removes what was over so many days ago: operations with their events and receipts, what was posted, questions,
 * deliveries, mutes. What was not told stays, and so does the audit. The timer keeps no process alive.
 */
export function pruneDaily({
  journal,
  keepDays,
  onPruned,
  onFailed,
  now = Date.now,
}: RetentionOptions): NodeJS.Timeout {
  function prune(): void {
    try {
      const removed = removeOlder(journal, now() - keepDays * dayMs);
      if (removed > 0) onPruned(removed);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      onFailed(error);
    }
  }
  prune();
  return setInterval(prune, dayMs).unref();
}

function removeOlder(journal: Journal, before: number): number {
  const remove = (what: string) =>
    journal.run((database) => Number(database.prepare(`delete from ${what}`).run(before).changes));
  return journal.together(() => {
    remove('posts where at < ?');
    remove('questions where expires_at < ?');
    remove('deliveries where settled_at < ?');
    remove('muted where mute in (select id from mutes where until < ?)');
    remove('mutes where until < ?');
    return remove('operations where told_at is not null and finished_at < ?');
  });
}
