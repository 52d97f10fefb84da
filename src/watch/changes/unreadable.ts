import type { AgentId } from '../../domain/agent.ts';
import type { HostEdge } from '../../domain/state-change.ts';
import type { Timers } from '../../timers.ts';

/** Agents that cannot be read: told once for all of them, and once that they can be read again. */
export interface Unreadable {
  add(agent: AgentId, reason: string, since: Date): void;
  remove(agent: AgentId): void;
  close(): void;
}

/** A question that went unanswered once, on a busy host, is no news. */
const confirmMs = 2000;

export function createUnreadable({
  timers,
  unreadable: toldBefore,
  tell,
}: {
  readonly timers: Timers;
  readonly unreadable: readonly AgentId[];
  readonly tell: (edge: HostEdge) => void;
}): Unreadable {
  const now = new Map<AgentId, { readonly reason: string; readonly since: Date }>();
  let told = new Set<AgentId>(toldBefore);
  let cancel: (() => void) | undefined;

  return {
    add(agent, reason, since) {
      now.set(agent, { reason, since });
      if ([...now.keys()].some((id) => !told.has(id))) cancel ??= timers.after(confirmMs, confirm);
    },
    remove(agent) {
      now.delete(agent);
      if (now.size > 0) return;
      cancel?.();
      cancel = undefined;
      if (told.size === 0) return;
      const agents = [...told];
      told = new Set();
      tell({ kind: 'readable', at: new Date(timers.now()), agents });
    },
    close: () => cancel?.(),
  };

  function confirm(): void {
    cancel = undefined;
    const [first] = now.values();
    if (first === undefined) return;
    const since = new Date(Math.min(...[...now.values()].map((agent) => agent.since.getTime())));
    told = new Set([...told, ...now.keys()]);
    tell({ kind: 'unreadable', at: since, agents: [...now.keys()], reason: first.reason });
  }
}
