import { type Fingerprint, fingerprint } from './fingerprint.ts';
import type { Snapshot, SnapshotAgent, SnapshotGlobal } from './snapshot.ts';
import type { AgentId } from './team.ts';

export interface SnapshotChange {
  readonly at: Date;
  /** Agents that were (re)started, or adopted, with the files that now lie on disk. */
  readonly started?: ReadonlyMap<AgentId, SnapshotAgent>;
  readonly removed?: Iterable<AgentId>;
  /**
   * The compose file as it is now; only to be given when no agent's change stays pending.
   * Until then the older digest stays, so that teamctl's next reload sees that there is something to do.
   */
  readonly settled?: { readonly compose_digest: Fingerprint; readonly global: SnapshotGlobal };
}

/** The snapshot after an operation. What the operation did not touch stays as it was. */
export function mergeSnapshot(
  prior: Snapshot | undefined,
  change: SnapshotChange,
  /** For a team that has no snapshot yet. */
  firstGlobal: SnapshotGlobal,
): Snapshot {
  const agents = new Map(prior?.agents);
  for (const id of change.removed ?? []) agents.delete(id);
  for (const [id, agent] of change.started ?? []) agents.set(id, agent);
  return {
    schema: 2,
    applied_at: change.at.toISOString().replace(/\.\d+Z$/, 'Z'),
    compose_digest: change.settled?.compose_digest ?? prior?.compose_digest ?? fingerprint(''),
    global: change.settled?.global ?? prior?.global ?? firstGlobal,
    agents,
  };
}
