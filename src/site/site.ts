import type { AgentId } from '../domain/agent.ts';
import type { Mute, MuteOver } from '../domain/alert.ts';
import type { Request } from '../domain/operation.ts';
import type { Followed, OperationQuery, Past, TakenUp } from '../domain/operation-record.ts';
import type { Beginning, BeginOrder, Going, Proposal } from '../domain/proposal.ts';
import type { Selection } from '../domain/selection.ts';
import type { WatchedStatus } from '../domain/status.ts';
import type { WhyFacts } from '../domain/why.ts';

/**
 * One team where its agents run, as every front speaks to it. Values only: each is made of JSON's values and of dates. Whatever is not
 * done throws `RefusedError`, which says why, and nothing was touched; any other error is a bug. Durations are milliseconds.
 */
export interface Site {
  hello(): Promise<Hello>;
  /** The agents as they are now. */
  status(selection: Selection): Promise<WatchedStatus>;
  /** What the request would do; touches nothing. */
  plan(request: Request): Promise<Proposal>;
  /** Holds the projects, plans, and puts on record what is to be done; no agent is touched before `go`. An id begins once. */
  begin(order: BeginOrder): Promise<Beginning>;
  /** Lets go what has begun; once more changes nothing. Without it what has begun is cancelled after `notLaterMs`. */
  go(id: string): Promise<Going>;
  /** Takes back what has begun and not gone, with the reason for the record. What goes is not cancelled any more. */
  cancel(id: string, why: string): Promise<void>;
  /**
   * What happens to an operation after the first so many events, up to `over` or `paused`; the projects are free by then. Any number
   * may follow at once and later, at their own pace. Of one that another process runs: what is on record, and `paused`.
   */
  follow(id: string, after: number): AsyncIterable<Followed>;
  /** Gives more time to every drain of the operation that runs; gives whom it reached, nobody where it does not run here. */
  extend(id: string, byMs: number): Promise<readonly AgentId[]>;
  /** Ends the wait of every drain that had begun by then, such as what a card showed; gives whom it reached, as `extend` does. */
  killNow(id: string, begunBy: Date): Promise<readonly AgentId[]>;
  /**
   * Holds what processes that died have left on these projects, and goes on with it; gives what that is, to be followed. What cannot be
   * taken up again is cancelled. A site that stays does this by itself when it starts.
   */
  recover(selection: Selection): Promise<readonly TakenUp[]>;
  /** The last lines that an agent printed, oldest first; untrusted text. */
  logs(agent: AgentId, lines: number): Promise<readonly string[]>;
  /** All there is to say about why it runs or does not. */
  why(agent: AgentId): Promise<WhyFacts>;
  history(query: OperationQuery): Promise<Past>;
  /** Keeps alerts back for so long from now; what is muted already is muted until then instead. */
  mute(selection: Selection, forMs: number, by: string): Promise<Mute>;
  /** Ends a mute of exactly this before its time; undefined: there is none. */
  unmute(selection: Selection, by: string): Promise<MuteOver | undefined>;
  mutes(): Promise<readonly Mute[]>;
  /** The agent gets so long to stop from its next drain on, whatever the team's files say. */
  giveBudget(agent: AgentId, budgetMs: number, by: string): Promise<void>;
  /** Begins nothing any more, and no more steps of what runs; resolves when nothing runs. Looking and following go on. */
  close(): Promise<void>;
}

export interface Hello {
  /** The machine's name. */
  readonly host: string;
  /** Canonical path of the team's tree. */
  readonly root: string;
  /** When it was opened. */
  readonly since: Date;
}
