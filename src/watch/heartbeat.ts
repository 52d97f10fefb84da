import type { Journal } from '../journal/journal.ts';
import type { Absence } from './changes/tracker.ts';

/** That Muster lives, written down from time to time, so that the next process knows how long nobody looked. */
export interface Heartbeat {
  /** Of the process before this one; undefined on the very first start. */
  absence(): Absence | undefined;
  beat(): void;
  /** The last one of a Muster that stops as it should. */
  stop(): void;
}

export function createHeartbeat(journal: Journal, now: () => number = Date.now): Heartbeat {
  const write = (planned: number) =>
    journal.run((database) => {
      database
        .prepare('insert or replace into heartbeat (id, at, planned) values (1, ?, ?)')
        .run(now(), planned);
    });

  return {
    absence() {
      const row = journal.run((database) => database.prepare('select at, planned from heartbeat').get());
      return row && { from: new Date(Number(row.at)), planned: row.planned === 1 };
    },
    beat: () => write(0),
    stop: () => write(1),
  };
}
