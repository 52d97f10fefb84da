import { once } from 'node:events';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import process from 'node:process';
import type { AgentId } from '../../../src/domain/agent.ts';
import type { Request } from '../../../src/domain/operation.ts';
import { RefusedError } from '../../../src/domain/refusal.ts';
import { createProjectLocks } from '../../../src/operations/locks/project-locks.ts';
import { createTeamLock } from '../../../src/operations/locks/team-lock.ts';
import { planRequest } from '../../../src/operations/plan/make-plan.ts';
import type { Wanted } from '../../../src/operations/records/desired-state.ts';
import { runOperation } from '../../../src/operations/run/run-plan.ts';
import { isStillRunning, ownIncarnation } from '../../../src/supervisor/process/process-life.ts';
import { createFakeSupervisor } from '../fake-supervisor.ts';
import { numbered, watchWrites } from './fail-points.ts';

/** What a process of its own is to do: reload the whole team at `root`, and tell about it on stdout, one JSON value a line. */
export interface ReloadOrder {
  readonly root: string;
  /** A file outside of `root` with the agents that run: it outlives the process, as agents do. */
  readonly world: string;
  readonly askedBy: string;
  /** The write to be killed at. */
  readonly killAt?: string;
  /** How long each agent takes to stop. */
  readonly drainMs?: number;
  /** Begin only when a line comes on stdin, with everything loaded. */
  readonly waits?: boolean;
}

export type ReloadNews =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'point'; readonly name: string }
  | { readonly kind: 'planned' }
  | { readonly kind: 'refused'; readonly refusal: RefusedError['refusal'] }
  | { readonly kind: 'finished'; readonly failed: readonly string[] };

/** Reloads the team with agents that live in the `world`. */
export async function reloadAs(order: ReloadOrder, tell: (news: ReloadNews) => void): Promise<void> {
  const { root, world, askedBy, drainMs } = order;
  const lock = createTeamLock({
    root,
    here: createProjectLocks(),
    self: await ownIncarnation(),
    lives: isStillRunning,
  });
  const request: Request = {
    verb: 'reload',
    selection: { kind: 'team' },
    force: false,
    askedBy,
    text: 'reload',
  };
  try {
    const release = await lock.take(request.selection, {
      id: 'O-1',
      text: 'reload',
      askedBy,
      since: new Date(),
    });
    const running = new Set(JSON.parse(readFileSync(world, 'utf8')) as AgentId[]);
    const agents = [...running].map((id) => [
      id,
      {
        state: 'running' as const,
        drain: drainMs === undefined ? ('graceful' as const) : { afterMs: drainMs },
      },
    ]);
    const fake = createFakeSupervisor({ agents: Object.fromEntries(agents) });
    const save = () => writeFileSync(world, JSON.stringify([...running]));
    const supervisor = {
      ...fake,
      async up(spec: Parameters<typeof fake.up>[0]) {
        await fake.up(spec);
        running.add(spec.id);
        save();
      },
      async drain(...[spec, options]: Parameters<typeof fake.drain>) {
        const result = await fake.drain(spec, options);
        running.delete(spec.id);
        save();
        return result;
      },
    };
    const wanted: Wanted = {
      set: () => undefined,
      forget: () => undefined,
      of: () => undefined,
      whichDown: () => new Map(),
    };
    const names = { root, name: 'here', supervisorTypes: ['tmux'], teamMcp: 'team-mcp' };
    const drainBudgets = { of: () => undefined };
    const host = { ...names, supervisor, wanted, drainBudgets };
    const { plan, situation } = await planRequest(host, request);
    tell({ kind: 'planned' });
    const failed: string[] = [];
    const { error } = await runOperation({ plan }, situation, {
      record: () => undefined,
      emit(event) {
        if (event.kind === 'failed') failed.push(`${event.id}: ${event.error}`);
      },
    }).finished;
    if (error !== undefined) failed.push(error);
    await release();
    tell({ kind: 'finished', failed });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    tell({ kind: 'refused', refusal: error.refusal });
  }
}

if (import.meta.main) {
  const order = JSON.parse(process.argv[2] ?? '') as ReloadOrder;
  const tell = (news: ReloadNews) => writeSync(1, `${JSON.stringify(news)}\n`);
  const point = numbered((name) => {
    tell({ kind: 'point', name });
    const { killAt } = order;
    if (killAt === name) process.kill(process.pid, 'SIGKILL');
  });
  await watchWrites(order.root, point);
  if (order.waits) {
    tell({ kind: 'waiting' });
    await once(process.stdin, 'data');
    process.stdin.destroy();
  }
  await reloadAs(order, tell);
}
