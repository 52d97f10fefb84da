import type { AgentId } from '../../src/domain/agent.ts';
import type { Mute } from '../../src/domain/alert.ts';
import { adviseBudget } from '../../src/domain/budget-advice.ts';
import type { Verdict } from '../../src/domain/operation-record.ts';
import { activeSteps } from '../../src/domain/plan.ts';
import { forcedKills, progressBy } from '../../src/domain/progress.ts';
import { type Beginning, isTooLate, notLaterMs } from '../../src/domain/proposal.ts';
import { RefusedError } from '../../src/domain/refusal.ts';
import { meets, projectOf, type Selection, wholeTeam } from '../../src/domain/selection.ts';
import { createCourse } from '../../src/operations/run/course.ts';
import type { Site } from '../../src/site/site.ts';
import { bootId, createFakeWorld, type FakeOperation, type FakeSiteAgent } from './fake-world.ts';
import { createManualTimers } from './manual-timers.ts';

export interface FakeSite {
  readonly site: Site;
  set(id: AgentId, change: FakeSiteAgent): void;
  /** What was done to agents, such as `drain shop:pay`, in order. */
  readonly touched: readonly string[];
  /** Lets time go by for what waits to go. */
  advance(ms: number): void;
}

/** A site without a host, for tests of the fronts; held to the contract of the real one. It plans without managers: in the order of its agents. */
export function createFakeSite(agents: Readonly<Record<AgentId, FakeSiteAgent>>): FakeSite {
  const since = new Date();
  const world = createFakeWorld(agents, since);
  const { set, selected, see, propose, note, stops, wanted, budgets, touched } = world;
  const operations = new Map<string, FakeOperation>();
  const timers = createManualTimers(Date.now());
  const running = new Set<Promise<void>>();
  let mutes: Mute[] = [];
  let muteIds = 0;
  let closed = false;

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

  async function run(it: FakeOperation): Promise<void> {
    for (const step of activeSteps(it.operation.plan)) {
      if (closed) return end(it);
      if (step.stop) await world.stop(it, step);
      if (step.start) world.start(it, step.id);
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
        const kills = forcedKills(progressBy(operation.plan, course.events)).map((kill) => ({
          ...kill,
          before: [],
          advice: adviseBudget([kill.stop.result], kill.step.budgetMs),
        }));
        if (each.kind === 'over') yield { ...each, kills };
        else if (each.kind !== 'event' || each.event.kind !== 'drained') yield each;
        else {
          const kill = kills.find(({ step }) => step.id === each.event.id);
          yield { ...each, ...(kill && { kill }) };
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
      selected({ kind: 'agent', id }).flatMap((each) => world.linesOf(each).slice(-lines)),
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
      const advice = [...stops].flatMap(([id, { result }]) =>
        'outcome' in result ? [[id, adviseBudget([result], result.budgetMs)] as const] : [],
      );
      return { operations: logged, deaths: [], advice };
    },
    async mute(selection, forMs, by) {
      selected(selection);
      const now = new Date();
      const what = muted(selection);
      const mute = { id: ++muteIds, what, by, since: now, until: new Date(now.getTime() + forMs) };
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
