import type { AgentId } from '../../domain/agent.ts';
import type { Mute, MutedEdge, MuteOver } from '../../domain/alert.ts';
import { covers } from '../../domain/selection.ts';
import type { Journal } from '../../journal/journal.ts';

/** Silences with an end. What they keep back is counted, and told when they are over. */
export interface Mutes {
  /** Until so many milliseconds from now. What is muted already is muted until then instead. */
  add(what: string, by: string, forMs: number): Mute;
  /** Ends one before its time; undefined if there is none. */
  end(what: string, by: string): MuteOver | undefined;
  /** Those under way. */
  all(): readonly Mute[];
  /** The one that covers the agent, or without an agent the host. */
  of(agent?: AgentId): Mute | undefined;
  /** Something that happened is not told. Kept once, whoever comes upon it again. */
  keep(mute: Mute, edge: { readonly agent?: AgentId; readonly kind: string; readonly at: Date }): void;
  /** Ends those whose time is up. */
  expire(): void;
  /** Those that are over, as long as nobody says that it was told. */
  untold(): readonly MuteOver[];
  told(mute: Mute): void;
}

interface Row {
  readonly id: number;
  readonly what: string;
  readonly by_whom: string;
  readonly since: number;
  readonly until: number;
  readonly ended_at: number | null;
  readonly ended_by: string | null;
}

export function createMutes(journal: Journal, now: () => number = Date.now): Mutes {
  function rows(where: string, ...values: (string | number)[]): readonly Row[] {
    return journal.run(
      (database) =>
        database.prepare(`select * from mutes where ${where} order by id`).all(...values) as unknown as Row[],
    );
  }

  function update(sql: string, ...values: (string | number)[]): void {
    journal.run((database) => database.prepare(sql).run(...values));
  }

  const underWay = () => rows('ended_at is null and until > ?', now());

  function keptBy(mute: number): readonly MutedEdge[] {
    const kept = journal.run((database) =>
      database
        .prepare(
          `select agent, kind, count(*) as times, min(at) as first, max(at) as last from muted
           where mute = ? group by agent, kind order by first, agent, kind`,
        )
        .all(mute),
    );
    return kept.map(({ agent, kind, times, first, last }) => ({
      ...(agent === null ? {} : { agent: agent as AgentId }),
      kind: String(kind),
      times: Number(times),
      firstAt: new Date(Number(first)),
      lastAt: new Date(Number(last)),
    }));
  }

  function overOf(row: Row): MuteOver {
    return {
      mute: muteOf(row),
      at: new Date(row.ended_at ?? row.until),
      ...(row.ended_by === null ? {} : { endedBy: row.ended_by }),
      kept: keptBy(row.id),
    };
  }

  return {
    add(what, by, forMs) {
      const [current] = underWay().filter((row) => row.what === what);
      if (current === undefined) {
        update(
          'insert into mutes (what, by_whom, since, until) values (?, ?, ?, ?)',
          what,
          by,
          now(),
          now() + forMs,
        );
      } else {
        update('update mutes set by_whom = ?, until = ? where id = ?', by, now() + forMs, current.id);
      }
      const [added] = rows('what = ? and ended_at is null and until > ?', what, now());
      if (added === undefined) throw new Error(`a mute has to last longer than ${forMs} ms`);
      return muteOf(added);
    },
    end(what, by) {
      const [current] = underWay().filter((row) => row.what === what);
      if (current === undefined) return undefined;
      update('update mutes set ended_at = ?, ended_by = ? where id = ?', now(), by, current.id);
      const [ended] = rows('id = ?', current.id);
      return ended && overOf(ended);
    },
    all: () => underWay().map(muteOf),
    of(agent) {
      const row = underWay().find((mute) => covers(mute, agent));
      return row && muteOf(row);
    },
    keep: (mute, { agent, kind, at }) =>
      journal.run((database) => {
        database
          .prepare(
            `insert into muted (mute, agent, kind, at) select ?1, ?2, ?3, ?4 where not exists
             (select 1 from muted where mute = ?1 and agent is ?2 and kind = ?3 and at = ?4)`,
          )
          .run(mute.id, agent ?? null, kind, at.getTime());
      }),
    expire: () => update('update mutes set ended_at = until where ended_at is null and until <= ?', now()),
    untold: () => rows('ended_at is not null and told_at is null').map(overOf),
    told: ({ id }) => update('update mutes set told_at = ? where id = ?', now(), id),
  };
}

function muteOf({ id, what, by_whom, since, until }: Row): Mute {
  return { id, what, by: by_whom, since: new Date(since), until: new Date(until) };
}
