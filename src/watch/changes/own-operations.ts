import { type AgentId, splitAgentId } from '../../domain/agent.ts';
import type { OperationReference } from '../../domain/alert.ts';
import { meets } from '../../domain/selection.ts';
import type { Journal } from '../../journal/journal.ts';

/** What Muster itself does to agents, in whichever process of the host, so that nobody is alarmed about it. */
export interface OwnWork {
  /** The operation that ended a life which had begun at `since` and was over at `until`; milliseconds since 1970. */
  stopOf(agent: AgentId, since: number, until: number): OperationReference | undefined;
  /** The operation that began a life which began at `at`. */
  startOf(agent: AgentId, at: number): OperationReference | undefined;
  /** An operation that is not over yet has done something to the agent. */
  hasInHand(agent: AgentId): boolean;
  /** An operation that is at work at this moment in the project of one of these agents. */
  underWay(agents: readonly AgentId[]): OperationReference | undefined;
  /** When an operation ended last, in milliseconds since 1970; 0 if none has. */
  finished(): number;
}

/** By how much a life's beginning, as the back-end tells it, and our own clock may differ. */
const slackMs = 2000;

/** What is seen of a stop so long after it is still its doing. */
const afterglowMs = 10_000;

/** Longer than any stop without news of it: the longest budget, and what was added to it. */
const longestStopMs = 30 * 60_000;

/** Longer than any start. */
const longestStartMs = 2 * 60_000;

const stopping = new Set(['draining', 'noted', 'extended', 'cut-short', 'forcing', 'killing']);

const stopped = new Set(['drained', 'killed', 'gone']);

const startIsOver = new Set(['started', 'failed', 'left']);

/** By what came after its stop. */
function hasSurvived(events: readonly EventRow[]): boolean {
  return events.find(({ kind }) => kind !== 'examined')?.kind === 'failed';
}

interface EventRow {
  readonly kind: string;
  readonly at: number;
  readonly operation: string;
  readonly open: number;
}

/** As the journal tells it. */
export function createOwnWork(journal: Journal, now: () => number = Date.now): OwnWork {
  /** In the order in which they happened. */
  function eventsOf(agent: AgentId, from: number, to: number): readonly EventRow[] {
    return journal.run(
      (database) =>
        database
          .prepare(
            `select events.kind, events.at, events.operation, operations.finished_at is null as open
             from events join operations on operations.id = events.operation
             where agent = ? and events.at between ? and ? order by events.at, number`,
          )
          .all(agent, from, to) as unknown as EventRow[],
    );
  }

  function reference(id: string): OperationReference | undefined {
    const row = journal.run((database) =>
      database.prepare('select request from operations where id = ?').get(id),
    );
    if (row === undefined) return undefined;
    const { askedBy, text } = JSON.parse(String(row.request)) as { askedBy: string; text: string };
    return { id, askedBy, text };
  }

  return {
    stopOf(agent, since, until) {
      const events = eventsOf(agent, since - longestStartMs, until + afterglowMs);
      const begun = events.findLastIndex(({ kind, at }) => kind === 'starting' && at <= since + slackMs);
      const ofLife = events.slice(begun + 1).filter(({ at }) => begun >= 0 || at >= since - slackMs);
      const over = ofLife.find(
        ({ kind, at }, index) =>
          stopped.has(kind) &&
          (until <= at + afterglowMs || (at > since + slackMs && !hasSurvived(ofLife.slice(index + 1)))),
      );
      if (over !== undefined) return reference(over.operation);

      const last = ofLife.findLast(({ at }) => at <= until);
      if (last !== undefined && stopping.has(last.kind) && last.open === 1) {
        return until <= last.at + longestStopMs ? reference(last.operation) : undefined;
      }
      // What an operation is still starting, or could not start, is for it to tell.
      const start = events[begun];
      const started = ofLife.find(({ kind }) => startIsOver.has(kind));
      if (start === undefined || (started === undefined && start.open === 0)) return undefined;
      const limit = started === undefined ? start.at + longestStartMs : started.at;
      return until <= limit ? reference(start.operation) : undefined;
    },
    startOf(agent, at) {
      const events = eventsOf(agent, at - longestStartMs, at + longestStartMs);
      const begun = events.findLastIndex((event) => event.kind === 'starting' && event.at <= at + slackMs);
      const start = events[begun];
      if (start === undefined) return undefined;
      const done = events.slice(begun + 1).find(({ kind }) => startIsOver.has(kind));
      return done === undefined || at <= done.at + slackMs ? reference(start.operation) : undefined;
    },
    hasInHand: (agent) => eventsOf(agent, now() - longestStopMs, now()).some(({ open }) => open === 1),
    underWay(agents) {
      const projects = agents.map((id) => splitAgentId(id).project);
      const open = journal.run((database) =>
        database
          .prepare(
            'select id, project from operations where finished_at is null and started_at > ? order by started_at desc',
          )
          .all(now() - longestStopMs),
      );
      const row = open.find((each) => projects.some((project) => meets(String(each.project), project)));
      return row === undefined ? undefined : reference(String(row.id));
    },
    finished: () =>
      Number(
        journal.run((database) => database.prepare('select max(finished_at) as at from operations').get())
          ?.at ?? 0,
      ),
  };
}
