import type { Journal } from '../../journal/journal.ts';

/** One thing that came from Slack and is to be done once. */
export interface Delivery {
  /** The same for every copy of it. */
  readonly delivery: string;
  readonly person: string;
  readonly channel: string;
  readonly text: string;
  /** It is to change something, so nobody may forget it. */
  readonly changes: boolean;
}

/** What came in. Slack delivers again after a lost ack, minutes later too and after a restart of ours, and never removes the copies itself. */
export interface Deliveries {
  /** Whether it is new; it is written down when this returns. */
  accept(delivery: Delivery): boolean;
  /** Slack was not told: it may come again. */
  retract(delivery: string): void;
  /** Done, refused, or told why not; on record later where the journal cannot be written now. */
  settle(delivery: string): void;
  /** Accepted by a process that died before it was settled or became an operation that is shown; oldest first. Those that only look are not worth a word. */
  forgotten(): readonly (Delivery & { readonly at: Date })[];
}

const rememberMs = 24 * 60 * 60_000;

export function createDeliveries(journal: Journal, now: () => number = Date.now): Deliveries {
  return {
    accept({ delivery, person, channel, text, changes }) {
      return journal.run((database) => {
        database.prepare('delete from deliveries where at < ?').run(now() - rememberMs);
        const inserted = database
          .prepare(
            `insert into deliveries (delivery, at, person, channel, text, changes) values (?, ?, ?, ?, ?, ?)
             on conflict do nothing`,
          )
          .run(delivery, now(), person, channel, text, changes ? 1 : 0);
        return inserted.changes === 1;
      });
    },
    retract(delivery) {
      journal.run((database) => database.prepare('delete from deliveries where delivery = ?').run(delivery));
    },
    settle(delivery) {
      const at = now();
      journal.eventually(() =>
        journal.run((database) =>
          database.prepare('update deliveries set settled_at = ? where delivery = ?').run(at, delivery),
        ),
      );
    },
    forgotten() {
      const rows = journal.run((database) =>
        database
          .prepare(
            `select * from deliveries where settled_at is null and changes = 1
             and not exists (select 1 from operations where operations.delivery = deliveries.delivery
                             and operations.channel is not null) order by at`,
          )
          .all(),
      );
      return rows.map(({ delivery, person, channel, text, at }) => ({
        delivery: String(delivery),
        person: String(person),
        channel: String(channel),
        text: String(text),
        changes: true,
        at: new Date(Number(at)),
      }));
    },
  };
}
