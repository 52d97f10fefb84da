import type { AgentId } from '../../domain/agent.ts';
import type { AgentEnd, Incarnation, Observation } from '../../domain/observation.ts';
import type { Journal } from '../../journal/journal.ts';

/** What is known of an agent, also by the next process. While it cannot be read, what was known before stays. */
export type Known =
  | {
      readonly state: 'running';
      readonly incarnation: Incarnation;
      /** When its life began, in milliseconds since 1970. */
      readonly since: number;
      /** Of the life before, so that it is not taken for this one's. */
      readonly lastEnd?: AgentEnd;
    }
  | {
      readonly state: 'stopped';
      readonly restarting: boolean;
      readonly gaveUp?: string;
      readonly lastEnd?: AgentEnd;
      /** When a life was over of which nothing tells yet how it ended, and how long it had lived. */
      readonly unclear?: { readonly at: Date; readonly livedMs?: number };
    };

/** What was seen of the agents last. */
export interface Memory {
  of(agent: AgentId): Known | undefined;
  all(): ReadonlyMap<AgentId, Known>;
  /** Known from now on; what it gives puts it on disk, and throws `JournalError` if it cannot. */
  keep(agent: AgentId, known: Known): Write;
  forget(agent: AgentId): Write;
}

export type Write = () => void;

export function createMemory(journal: Journal, now: () => number = Date.now): Memory {
  const known = new Map(
    journal.run((database) =>
      database
        .prepare('select agent, known from watched')
        .all()
        .map((row) => [row.agent as AgentId, revived(String(row.known))] as const),
    ),
  );

  return {
    of: (agent) => known.get(agent),
    all: () => known,
    keep(agent, next) {
      known.set(agent, next);
      return () =>
        journal.run((database) =>
          database
            .prepare('insert or replace into watched (agent, known, at) values (?, ?, ?)')
            .run(agent, JSON.stringify(next), now()),
        );
    },
    forget(agent) {
      known.delete(agent);
      return () =>
        journal.run((database) => database.prepare('delete from watched where agent = ?').run(agent));
    },
  };
}

/** What is worth knowing of what was seen. */
export function knownFrom(seen: Exclude<Observation, { state: 'unknown' }>): Known {
  const lastEnd = seen.lastEnd ? { lastEnd: seen.lastEnd } : {};
  if (seen.state === 'running') {
    const { state, incarnation, since } = seen;
    return { state, incarnation, since: since.getTime(), ...lastEnd };
  }
  const { state, restarting, gaveUp } = seen;
  return { state, restarting, ...(gaveUp === undefined ? {} : { gaveUp }), ...lastEnd };
}

function revived(text: string): Known {
  return JSON.parse(text, dates) as Known;
}

/** Every `at` of ours is a time. */
export function dates(key: string, value: unknown): unknown {
  return dateKeys.has(key) && typeof value === 'string' ? new Date(value) : value;
}

const dateKeys = new Set([
  'at',
  'from',
  'openedAt',
  'changedAt',
  'resolvedAt',
  'firstDeathAt',
  'downOnPurpose',
  'wantedDownSince',
]);
