import type { AgentId } from '../../src/domain/agent.ts';
import type { Mute } from '../../src/domain/alert.ts';
import { adviseBudget } from '../../src/domain/budget-advice.ts';
import { askReason, shownBy } from '../../src/domain/confirmation.ts';
import type { DrainBudget, WantedState } from '../../src/domain/desired-state.ts';
import type { Observation } from '../../src/domain/observation.ts';
import type { Operation, Request } from '../../src/domain/operation.ts';
import type { LastStop, Verdict } from '../../src/domain/operation-record.ts';
import { activeSteps, type Step } from '../../src/domain/plan.ts';
import { forcedKills, progressBy } from '../../src/domain/progress.ts';
import { type Beginning, isTooLate, notLaterMs, type Proposal } from '../../src/domain/proposal.ts';
import { RefusedError } from '../../src/domain/refusal.ts';
import { meets, projectOf, type Selection, wholeTeam } from '../../src/domain/selection.ts';
import type { DrainResult } from '../../src/domain/stop-record.ts';
import { type Course, createCourse } from '../../src/operations/run/course.ts';
import type { Site } from '../../src/site/site.ts';
import { createManualTimers } from './manual-timers.ts';

/** An agent of the fake: it runs and ends when it is asked, unless told. */
export interface FakeSiteAgent {
  state?: 'running' | 'stopped';
  drain?: 'graceful' | 'stubborn';
  lines?: readonly string[];
}

export interface FakeSite {
  readonly site: Site;
  set(id: AgentId, change: FakeSiteAgent): void;
  /** What was done to agents, such as `drain shop:pay`, in order. */
  readonly touched: readonly string[];
  /** Lets time go by for what waits to go. */
  advance(ms: number): void;
}

interface FakeOperation {
  readonly operation: Operation;
  readonly course: Course;
  verdict?: Verdict;
  wentAt?: Date;
  isOver?: boolean;
  /** Its drains that run. */
  readonly drains: Map<AgentId, { readonly since: Date; budgetMs: number; end(): void }>;
}

const bootId = 'fake-boot';

/** A site without a host, for tests of the fronts; held to the contract of the real one. It plans without managers: in the order of its agents. */
export function createFakeSite(agents: Readonly<Record<AgentId, FakeSiteAgent>>): FakeSite {
  const known = new Map<AgentId, FakeSiteAgent>();
  const lives = new Map<AgentId, number>();
  const stops = new Map<AgentId, LastStop>();
  const wanted = new Map<AgentId, WantedState>();
  const budgets = new Map<AgentId, DrainBudget>();
  const operations = new Map<string, FakeOperation>();
  const timers = createManualTimers(Date.now());
  const since = new Date();
  const touched: string[] = [];
  const running = new Set<Promise<void>>();
  let mutes: Mute[] = [];
  let pids = 1000;
  let closed = false;

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

  function end(it: FakeOperation, verdict?: Verdict): void {
    it.isOver = true;
    if (verdict) it.verdict = verdict;
    it.course.end(verdict);
  }

  function of(id: string): FakeOperation {
    const found = operations.get(id);
    if (found === undefined) throw new RefusedError({ kind: 'unknown-operation', id });
    return found;
  }

  function cancel(id: string, why: string): void {
    const it = operations.get(id);
    if (it && !it.wentAt && !it.isOver) end(it, { at: new Date(), cancelled: why });
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

  async function run(it: FakeOperation): Promise<void> {
    for (const step of activeSteps(it.operation.plan)) {
      if (closed) return end(it);
      if (step.stop) await stop(it, step);
      if (step.start === undefined) continue;
      touched.push(`up ${step.id}`);
      it.course.add({ kind: 'starting', id: step.id, at: new Date() });
      set(step.id, { state: 'running' });
      it.course.add({ kind: 'started', id: step.id, at: new Date() });
    }
    end(it, { at: new Date() });
  }

  const muted = (selection: Selection) =>
    selection.kind === 'agent' ? selection.id : selection.kind === 'team' ? wholeTeam : selection.project;

  const site: Site = {
    hello: async () => ({ host: 'fake-1', root: '/team', since }),
    status: async (selection) => ({
      asOf: new Date(),
      agents: selected(selection).map((id) => {
        const [mute, lastStop] = [mutes.find(({ what }) => what === id), stops.get(id)];
        const notes = { ...(mute && { mute }), ...(lastStop && { lastStop }) };
        return { id, project: projectOf({ kind: 'agent', id }), seen: see(id), inTeam: true, ...notes };
      }),
      complaints: [],
      warnings: [],
    }),
    plan: async (request) => propose(request),
    async begin({ id, request: asked, planHash, confirmedBy }): Promise<Beginning> {
      const earlier = operations.get(id);
      if (earlier) return { kind: 'begun', operation: earlier.operation, observed: [] };
      if (closed) throw new RefusedError({ kind: 'restarting' });
      const request = { ...asked, ...(confirmedBy !== undefined && { confirmedBy }) };
      const startedAt = new Date(timers.now());
      if (isTooLate({ request, startedAt }, timers.now())) return { kind: 'too-late' };
      const project = projectOf(request.selection);
      const busy = [...operations.values()].find(
        ({ isOver, operation }) => !isOver && meets(projectOf(operation.request.selection), project),
      );
      if (busy) {
        const { text, askedBy, selection } = busy.operation.request;
        const with_ = { id: busy.operation.id, text, askedBy, since: busy.operation.startedAt };
        return { kind: 'busy', with: { ...with_, project: projectOf(selection) } };
      }
      const proposal = propose(request);
      if (planHash !== undefined && planHash !== proposal.hash) return { kind: 'changed', proposal };
      if (planHash === undefined && proposal.reason) return { kind: 'ask', proposal };
      const ids = proposal.plan.steps.map((step) => step.id);
      if (activeSteps(proposal.plan).length === 0) {
        note(request, ids);
        return { kind: 'nothing-to-do', proposal };
      }
      const operation = { id, request, plan: proposal.plan, startedAt };
      operations.set(id, { operation, course: createCourse(operation), drains: new Map() });
      timers.after(notLaterMs, () => cancel(id, 'nobody let it go in time'));
      return { kind: 'begun', operation, observed: proposal.observed };
    },
    async go(id) {
      const it = of(id);
      if (it.wentAt) return { kind: 'going' };
      if (it.isOver) return { kind: 'too-late' };
      it.wentAt = new Date();
      note(
        it.operation.request,
        it.operation.plan.steps.map((step) => step.id),
      );
      const work = run(it).finally(() => running.delete(work));
      running.add(work);
      return { kind: 'going' };
    },
    cancel: async (id, why) => cancel(id, why),
    async *follow(id, after) {
      const { course, operation } = of(id);
      for await (const each of course.from(after)) {
        if (each.kind !== 'over') yield each;
        else {
          const kills = forcedKills(progressBy(operation.plan, course.events));
          const advised = kills.map((kill) => ({
            ...kill,
            before: [],
            advice: adviseBudget([kill.stop.result], kill.step.budgetMs),
          }));
          yield { ...each, kills: advised };
        }
      }
    },
    async extend(id, byMs) {
      const { course, drains = new Map() } = operations.get(id) ?? {};
      for (const [agent, drain] of drains) {
        drain.budgetMs += byMs;
        course?.add({ kind: 'extended', id: agent, at: new Date(), budgetMs: drain.budgetMs });
      }
      return [...drains.keys()];
    },
    async killNow(id, begunBy) {
      const { course, drains = new Map() } = operations.get(id) ?? {};
      const reached = [...drains].filter(([, drain]) => drain.since <= begunBy);
      for (const [agent, drain] of reached) {
        course?.add({ kind: 'cut-short', id: agent, at: new Date() });
        drain.end();
      }
      return reached.map(([agent]) => agent);
    },
    recover: async () => [],
    logs: async (id, lines) =>
      selected({ kind: 'agent', id }).flatMap((each) => known.get(each)?.lines?.slice(-lines) ?? []),
    async why(id) {
      selected({ kind: 'agent', id });
      const [own, budget] = [wanted.get(id), budgets.get(id)];
      const facts = { id, asOf: new Date(), seen: see(id), warnings: [], advice: adviseBudget([], 10_000) };
      return { ...facts, ...(own && { wanted: own }), ...(budget && { budget }) };
    },
    async history({ project, most }) {
      if (project !== undefined) selected({ kind: 'project', project });
      const all = [...operations.values()].reverse().slice(0, most);
      const owner = { pid: 1, startTime: '1', bootId };
      const logged = all.map(({ operation, course, verdict, wentAt }) => ({
        ...{ operation, events: [...course.events], owner },
        ...(wentAt && { wentAt }),
        ...(verdict && { verdict }),
      }));
      return { operations: logged, deaths: [] };
    },
    async mute(selection, forMs, by) {
      selected(selection);
      const now = new Date();
      const what = muted(selection);
      const mute = { id: pids++, what, by, since: now, until: new Date(now.getTime() + forMs) };
      mutes = [...mutes.filter((other) => other.what !== what), mute];
      return mute;
    },
    async unmute(selection, endedBy) {
      const mute = mutes.find(({ what }) => what === muted(selection));
      mutes = mutes.filter((other) => other !== mute);
      return mute && { mute, at: new Date(), endedBy, kept: [] };
    },
    mutes: async () => mutes,
    async giveBudget(id, budgetMs, by) {
      selected({ kind: 'agent', id });
      budgets.set(id, { budgetMs, by, at: new Date() });
    },
    async close() {
      closed = true;
      for (const { course, wentAt, isOver } of operations.values()) if (wentAt && !isOver) course.pauses();
      await Promise.all(running);
    },
  };
  return { site, set, touched, advance: timers.advance };
}
