import type { AgentId } from '../../src/domain/agent.ts';
import { askReason, shownBy } from '../../src/domain/confirmation.ts';
import type { DrainBudget, WantedState } from '../../src/domain/desired-state.ts';
import type { Observation } from '../../src/domain/observation.ts';
import type { Operation, Request } from '../../src/domain/operation.ts';
import type { LastStop, Verdict } from '../../src/domain/operation-record.ts';
import type { Step } from '../../src/domain/plan.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { RefusedError } from '../../src/domain/refusal.ts';
import { projectOf, type Selection } from '../../src/domain/selection.ts';
import type { DrainResult } from '../../src/domain/stop-record.ts';
import type { Course } from '../../src/operations/run/course.ts';

/** An agent of the fake: it runs and ends when it is asked, unless told. */
export interface FakeSiteAgent {
  state?: 'running' | 'stopped';
  drain?: 'graceful' | 'stubborn';
  lines?: readonly string[];
}

export interface FakeOperation {
  readonly operation: Operation;
  readonly course: Course;
  verdict?: Verdict;
  wentAt?: Date;
  isOver?: boolean;
  /** Its drains that run. */
  readonly drains: Map<AgentId, { readonly since: Date; budgetMs: number; end(): void }>;
}

export const bootId = 'fake-boot';

/** Agents without a host: what they are, what would be done about them, and what doing it makes of them. */
export function createFakeWorld(agents: Readonly<Record<AgentId, FakeSiteAgent>>, since: Date) {
  const known = new Map<AgentId, FakeSiteAgent>();
  const lives = new Map<AgentId, number>();
  const stops = new Map<AgentId, LastStop>();
  const wanted = new Map<AgentId, WantedState>();
  const budgets = new Map<AgentId, DrainBudget>();
  const touched: string[] = [];
  let pids = 1000;

  for (const [id, agent] of Object.entries(agents)) set(id as AgentId, { state: 'running', ...agent });

  function set(id: AgentId, change: FakeSiteAgent): void {
    known.set(id, { ...known.get(id), ...change });
    if (change.state === 'running') lives.set(id, ++pids);
  }

  function selected(selection: Selection): readonly AgentId[] {
    if (selection.kind === 'team') return [...known.keys()];
    const nameOf = (id: AgentId) => (selection.kind === 'agent' ? id : projectOf({ kind: 'agent', id }));
    const asked = selection.kind === 'agent' ? selection.id : selection.project;
    const found = [...known.keys()].filter((id) => nameOf(id) === asked);
    if (found.length > 0) return found;
    throw new RefusedError({
      kind: 'unknown-selection',
      asked,
      known: [...new Set([...known.keys()].map(nameOf))],
    });
  }

  function see(id: AgentId): Observation {
    if (known.get(id)?.state !== 'running') return { state: 'stopped', restarting: false };
    const pid = lives.get(id) ?? 0;
    return { state: 'running', incarnation: { pid, startTime: String(pid), bootId }, since };
  }

  function stepFor(id: AgentId, { verb, force, budgetMs: own }: Request): Step {
    const isUp = known.get(id)?.state === 'running';
    const [project = '', agent = ''] = id.split(':');
    const paths = { session: id, wrapper: '/team/wrapper', cwd: '/team', envFile: `/team/${agent}.env` };
    const spec = { id, project, agent, backend: 'fake', ...paths };
    const budgetMs = own ?? budgets.get(id)?.budgetMs ?? 10_000;
    const step = { id, why: [], depth: 0, budgetMs };
    if (verb === 'down' || verb === 'drain') {
      return isUp ? { ...step, action: verb, stop: spec } : { ...step, action: 'keep' };
    }
    if (!isUp) return { ...step, action: 'up', start: spec };
    return verb === 'restart' || force
      ? { ...step, action: 'replace', stop: spec, start: spec }
      : { ...step, action: 'keep' };
  }

  function propose(request: Request): Proposal {
    const ids = selected(request.selection);
    const plan = { steps: ids.map((id) => stepFor(id, request)), settlesDigest: false };
    const observed = ids.map((id) => [id, see(id)] as const);
    const reason = askReason(request, plan);
    const { digest: hash } = shownBy(plan, new Map(observed));
    return { request, plan, observed, hash, ...(reason && { reason }) };
  }

  function note({ verb, askedBy: by }: Request, ids: readonly AgentId[]): void {
    if (verb === 'reload') return;
    const state = verb === 'down' || verb === 'drain' ? 'down' : 'up';
    for (const id of ids) wanted.set(id, { state, by, at: new Date() });
  }

  async function stop(it: FakeOperation, { id, action, budgetMs }: Step): Promise<void> {
    const { add } = it.course;
    const at = () => new Date();
    const startedAt = Date.now();
    touched.push(`${action === 'down' ? 'down' : 'drain'} ${id}`);
    const pid = lives.get(id) ?? 0;
    const processes = [{ pid, startTime: String(pid), part: 'agent' as const }];
    if (action === 'down') add({ kind: 'killing', id, at: at() });
    else add({ kind: 'draining', id, at: at(), budgetMs });
    add({ kind: 'noted', id, at: at(), noted: { bootId, processes } });
    const isKilled = action !== 'down' && known.get(id)?.drain === 'stubborn';
    const given = isKilled ? await untilForced(it, id, budgetMs) : budgetMs;
    if (isKilled) add({ kind: 'forcing', id, at: at() });
    set(id, { state: 'stopped' });
    const record = { tookMs: Date.now() - startedAt, signals: [], survivors: [], strays: [], lastLines: [] };
    const outcome = isKilled ? 'TimedOutKilled' : 'Graceful';
    const result: DrainResult = { ...record, outcome, budgetMs: given };
    if (action === 'down') add({ kind: 'killed', id, at: at(), result: { ...record, wasRunning: true } });
    else add({ kind: 'drained', id, at: at(), result });
    const how = action === 'down' ? 'Killed' : outcome;
    stops.set(id, { how, at: at(), operation: it.operation.id, result });
  }

  /** Gives the budget it had in the end. */
  function untilForced({ drains }: FakeOperation, id: AgentId, budgetMs: number): Promise<number> {
    return new Promise((resolve) => {
      const startedAt = Date.now();
      const drain = { since: new Date(), budgetMs, end };
      let timer = setTimeout(look, budgetMs);
      drains.set(id, drain);
      function look(): void {
        const rest = startedAt + drain.budgetMs - Date.now();
        if (rest <= 0) end();
        else timer = setTimeout(look, rest);
      }
      function end(): void {
        clearTimeout(timer);
        drains.delete(id);
        resolve(drain.budgetMs);
      }
    });
  }

  function start({ course }: FakeOperation, id: AgentId): void {
    touched.push(`up ${id}`);
    course.add({ kind: 'starting', id, at: new Date() });
    set(id, { state: 'running' });
    course.add({ kind: 'started', id, at: new Date() });
  }

  const linesOf = (id: AgentId) => known.get(id)?.lines ?? [];

  return { set, selected, see, propose, note, stop, start, linesOf, stops, wanted, budgets, touched };
}
