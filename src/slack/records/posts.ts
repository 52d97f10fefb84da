import type { Journal } from '../../journal/journal.ts';

/** Which messages were posted, or may have been: what a process that died had begun is neither lost nor repeated. */
export interface Posts {
  /** Notes that it is about to be posted. Gives what is known of an earlier try: its timestamp, or that it was begun. */
  begin(id: string, channel: string): { readonly ts?: string } | undefined;
  done(id: string, channel: string, ts: string): void;
}

export function createPosts(journal: Journal, now: () => number = Date.now): Posts {
  return {
    begin(id, channel) {
      return journal.run((database) => {
        const before = database.prepare('select ts from posts where id = ? and channel = ?').get(id, channel);
        if (before !== undefined) return before.ts === null ? {} : { ts: String(before.ts) };
        database.prepare('insert into posts (id, channel, at) values (?, ?, ?)').run(id, channel, now());
        return undefined;
      });
    },
    done(id, channel, ts) {
      journal.eventually(() =>
        journal.run((database) =>
          database.prepare('update posts set ts = ? where id = ? and channel = ?').run(ts, id, channel),
        ),
      );
    },
  };
}
