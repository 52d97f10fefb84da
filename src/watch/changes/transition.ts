import type { AgentId } from '../../domain/agent.ts';
import { outside } from '../../domain/desired-state.ts';
import { type AgentEnd, isSameEnd, isSameLife, type Observation } from '../../domain/observation.ts';
import type { AgentEdge, Death, Return } from '../../domain/state-change.ts';
import type { Wanted } from '../../operations/records/desired-state.ts';
import { type Known, knownFrom } from './last-seen.ts';
import type { OwnWork } from './own-operations.ts';

/** What decides whether a change was asked for. */
export interface Circumstances {
  readonly work: Pick<OwnWork, 'stopOf' | 'startOf' | 'hasInHand'>;
  readonly wanted: Pick<Wanted, 'of' | 'set'>;
}

export type Readable = Exclude<Observation, { state: 'unknown' }>;

export interface Transition {
  readonly edges: readonly AgentEdge[];
  readonly known: Known;
}

/** An end that is written down so much later is another one, in milliseconds. */
const sameEndMs = 3000;

/** What lies between what was known of an agent and what was seen of it at `at`. */
export function transition(
  id: AgentId,
  before: Known,
  observed: Readable,
  at: Date,
  circumstances: Circumstances,
): Transition {
  const { work, wanted } = circumstances;
  const seen = isRemains(before, observed) ? endedAs(observed) : observed;
  const edges: AgentEdge[] = [];
  const end = isSameEnd(before.lastEnd, seen.lastEnd) ? undefined : seen.lastEnd;
  let known = knownFrom(seen);

  if (before.state === 'running') {
    if (seen.state !== 'running' || !isSameLife(before.incarnation, seen.incarnation)) {
      over(before.since, end);
    }
  } else if (end !== undefined) {
    const { unclear } = before;
    if (unclear && Math.abs(end.at.getTime() - unclear.at.getTime()) <= sameEndMs) refine(unclear, end);
    else over(undefined, end);
  }
  if (seen.state === 'running') {
    if (before.state === 'stopped' || !isSameLife(before.incarnation, seen.incarnation)) began(seen);
  } else if (seen.gaveUp !== undefined && !(before.state === 'stopped' && before.gaveUp === seen.gaveUp)) {
    if (!isWantedDown()) edges.push({ kind: 'gave-up', id, at, reason: seen.gaveUp });
  }
  return { edges, known };

  function over(since: number | undefined, how: AgentEnd | undefined): void {
    const overAt = how?.at ?? at;
    const livedMs = since === undefined ? undefined : Math.max(0, overAt.getTime() - since);
    const order = work.stopOf(id, since ?? overAt.getTime(), overAt.getTime());
    if (order !== undefined || isWantedDown()) {
      edges.push({ kind: 'stopped-on-purpose', id, at: overAt });
      return;
    }
    if (how === undefined && known.state === 'stopped') {
      known = { ...known, unclear: { at: overAt, ...(livedMs === undefined ? {} : { livedMs }) } };
    }
    pushDeath(overAt, how, livedMs);
  }

  /** How it ended is told only now; that it ended was told. */
  function refine(
    { at: overAt, livedMs }: NonNullable<Extract<Known, { state: 'stopped' }>['unclear']>,
    how: AgentEnd,
  ): void {
    pushDeath(overAt, how, livedMs);
  }

  function pushDeath(overAt: Date, how: AgentEnd | undefined, livedMs: number | undefined): void {
    const restarts = seen.state === 'running' || seen.restarting;
    const kind = kindOf(how);
    // Nothing is wrong with an agent that has done what it had to do and begins anew.
    if (kind === 'ended' && restarts) return;
    edges.push({
      kind,
      id,
      at: overAt,
      ...(how ? { end: how } : {}),
      ...(livedMs === undefined ? {} : { livedMs }),
      restarts,
    });
  }

  function began({ since }: Extract<Readable, { state: 'running' }>): void {
    const by = whoStarted(since);
    const down = wanted.of(id);
    if (by === 'outside' && down?.state === 'down' && !work.hasInHand(id)) {
      wanted.set([id], 'up', outside);
      edges.push({ kind: 'started-outside', id, at, wantedDownBy: down.by, wantedDownSince: down.at });
      return;
    }
    edges.push({ kind: 'came-back', id, at, by });
  }

  function whoStarted(since: Date): Return['by'] {
    if (work.startOf(id, since.getTime()) !== undefined) return 'Muster';
    return before.state === 'running' || before.restarting ? 'loop' : 'outside';
  }

  function isWantedDown(): boolean {
    return wanted.of(id)?.state === 'down';
  }
}

/** What an agent that has ended left of itself is no life of it: it has not begun, and its end is nobody's. */
function isRemains(before: Known, seen: Readable): boolean {
  if (seen.state !== 'running' || !seen.outlived) return false;
  return before.state === 'stopped' || !isSameLife(before.incarnation, seen.incarnation);
}

function endedAs({ lastEnd }: Readable): Readable {
  return { state: 'stopped', restarting: false, ...(lastEnd && { lastEnd }) };
}

/**
 * INT, TERM and a hang-up are how people stop by hand what others would have to kill, whether the agent dies of them or takes them for
 * a request and exits. What cannot be told is a death.
 */
function kindOf(end: AgentEnd | undefined): Death['kind'] {
  if (end === undefined) return 'died';
  if (end.kind === 'exited' && end.askedBy !== undefined) return 'stopped-outside';
  if (end.kind === 'exited') return end.code === 0 ? 'ended' : 'died';
  return ['INT', 'TERM', 'HUP'].includes(end.signal) ? 'stopped-outside' : 'died';
}
