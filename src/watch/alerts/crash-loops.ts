import type { AgentId } from '../../domain/agent.ts';
import { type CrashLoopEdge, type Death, type Edge, isDeath } from '../../domain/state-change.ts';
import type { CrashLoop } from '../../domain/status.ts';
import type { Journal } from '../../journal/journal.ts';
import { dates, type Memory } from '../changes/last-seen.ts';

/** Lives that end over and over; counted in the journal, so that a restart of Muster forgets none. */
export interface CrashLoops {
  /** Takes note of what happened, and says what it means for the agent's crash loop. */
  take(edge: Edge): readonly CrashLoopEdge[];
  /** Those that have lived long enough since. */
  over(): readonly CrashLoopEdge[];
  /** The loop the agent is in. */
  of(agent: AgentId): CrashLoop | undefined;
  /** The agents that are in one. */
  all(): readonly AgentId[];
  /** Newest first, of whatever kind. */
  deathsOf(agent: AgentId, most: number): readonly Death[];
  /** In a project, or the whole team. Newest first, of whatever kind. */
  deaths(query: {
    readonly project?: string;
    readonly since?: Date;
    readonly most: number;
  }): readonly Death[];
}

export interface CrashLoopOptions {
  readonly deaths?: number;
  readonly withinMs?: number;
  readonly healthyMs?: number;
}

/** How long a death is remembered, for `/team why` and the post-mortem. */
const rememberMs = 90 * 24 * 3600_000;

export function createCrashLoops(
  journal: Journal,
  memory: Pick<Memory, 'of'>,
  now: () => number = Date.now,
  { deaths: tooMany = 5, withinMs = 15 * 60_000, healthyMs = 30 * 60_000 }: CrashLoopOptions = {},
): CrashLoops {
  function loopSince(agent: AgentId): number | undefined {
    const row = journal.run((database) =>
      database.prepare('select since from crash_loops where agent = ? and over_at is null').get(agent),
    );
    return row === undefined ? undefined : Number(row.since);
  }

  function crashesSince(agent: AgentId, since: number): { count: number; first: number } {
    const row = journal.run((database) =>
      database
        .prepare(
          `select count(*) as count, min(at) as first from deaths where agent = ?1 and is_crash = 1 and at >= ?2
           and at > coalesce((select over_at from crash_loops where agent = ?1), 0)`,
        )
        .get(agent, since),
    );
    return { count: Number(row?.count), first: Number(row?.first) };
  }

  function note(death: Death): readonly CrashLoopEdge[] {
    const { id, at, end, livedMs = 0 } = death;
    // It may have become healthy and died between two looks at the clock.
    const recovered =
      livedMs >= healthyMs ? finish(id, new Date(at.getTime() - livedMs + healthyMs), 'healthy') : [];
    const isCrash = death.kind === 'died' || (death.kind === 'stopped-outside' && death.restarts);
    journal.run((database) => {
      database
        .prepare('insert or replace into deaths (agent, at, is_crash, death) values (?, ?, ?, ?)')
        .run(id, at.getTime(), isCrash ? 1 : 0, JSON.stringify(death));
      database.prepare('delete from deaths where agent = ? and at < ?').run(id, now() - rememberMs);
    });
    if (!isCrash || loopSince(id) !== undefined) return recovered;
    const { count, first } = crashesSince(id, at.getTime() - withinMs);
    if (count < tooMany) return recovered;
    begin(id, first);
    const span = at.getTime() - first;
    return [
      ...recovered,
      { kind: 'crash-loop', id, at, deaths: count, withinMs: span, ...(end ? { end } : {}) },
    ];
  }

  function begin(agent: AgentId, since: number): void {
    journal.run((database) =>
      database
        .prepare('insert or replace into crash_loops (agent, since, over_at) values (?, ?, null)')
        .run(agent, since),
    );
  }

  function finish(id: AgentId, at: Date, because: 'healthy' | 'stopped'): readonly CrashLoopEdge[] {
    const since = loopSince(id);
    if (since === undefined) return [];
    const { count } = crashesSince(id, since);
    journal.run((database) =>
      database.prepare('update crash_loops set over_at = ? where agent = ?').run(at.getTime(), id),
    );
    return [{ kind: 'crash-loop-over', id, at, deaths: count, because }];
  }

  return {
    take(edge) {
      if (isDeath(edge)) return note(edge);
      if (edge.kind === 'stopped-on-purpose') return finish(edge.id, edge.at, 'stopped');
      if (edge.kind === 'gave-up' && loopSince(edge.id) === undefined) {
        const { count, first } = crashesSince(edge.id, edge.at.getTime() - withinMs);
        begin(edge.id, count === 0 ? edge.at.getTime() : first);
      }
      return [];
    },
    over: () =>
      all().flatMap((agent) => {
        const known = memory.of(agent);
        if (known?.state !== 'running' || now() - known.since < healthyMs) return [];
        return finish(agent, new Date(known.since + healthyMs), 'healthy');
      }),
    all,
    of(agent) {
      const since = loopSince(agent);
      if (since === undefined) return undefined;
      return { since: new Date(since), deaths: crashesSince(agent, since).count };
    },
    deathsOf: (agent, most) => deaths('agent = ?1', agent, most),
    deaths: ({ project, since, most }) =>
      deaths(
        `(?1 is null or substr(agent, 1, length(?1) + 1) = ?1 || ':') and at >= ?2`,
        project ?? null,
        since?.getTime() ?? 0,
        most,
      ),
  };

  function all(): readonly AgentId[] {
    const rows = journal.run((database) =>
      database.prepare('select agent from crash_loops where over_at is null').all(),
    );
    return rows.map(({ agent }) => agent as AgentId);
  }

  function deaths(where: string, ...values: (string | number | null)[]): readonly Death[] {
    const rows = journal.run((database) =>
      database
        .prepare(`select death from deaths where ${where} order by at desc, agent limit ?${values.length}`)
        .all(...values),
    );
    return rows.map((row) => JSON.parse(String(row.death), dates) as Death);
  }
}
