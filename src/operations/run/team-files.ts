import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import { type Applied, readApplied, writeApplied } from '../../team/reload/applied.ts';
import { digestChanged, pendingAgents } from '../../team/reload/reload-plan.ts';
import { type RenderedAgent, snapshotEntry, writeAgentFiles } from '../../team/reload/render.ts';
import {
  composeDigest,
  mergeSnapshot,
  type Snapshot,
  type SnapshotChange,
  snapshotGlobal,
} from '../../team/reload/snapshot.ts';
import type { StartedWith } from '../../team/reload/started-with.ts';
import { together } from '../../team/together.ts';
import { installWrapper } from '../../team/wrapper.ts';
import { sweepTemporaryFiles } from '../../team/write-file.ts';
import { inTurn } from '../locks/write-lock.ts';
import { loadedTeam, type Situation } from '../plan/plan-input.ts';

/** What an operation writes into the team tree, agent by agent, always together with what the snapshot says of it. */
export interface TeamFiles {
  /** Throws `TeamChangedError` if somebody else has written the snapshot since the plan was made. */
  check(): Promise<unknown>;
  /** Puts the agent's files in place. Throws `TeamChangedError` if somebody else has written the snapshot meanwhile. */
  write(id: AgentId): Promise<void>;
  /** Remembers that the agent runs as it was planned, maybe by an earlier process, with the files that were written for it. */
  recordStarted(spec: AgentSpec): Promise<void>;
  /** The same of an agent that somebody else started, nobody knows on which wrapper. */
  recordAdopted(id: AgentId): Promise<void>;
  /** Its env and MCP files stay, as teamctl leaves them: they may be another agent's by now, or be wanted back. */
  recordRemoved(id: AgentId): Promise<void>;
  /**
   * Remembers the compose file too, once no agent's change is pending, whoever carried out the last one. Nothing is written
   * where it is remembered already, and where somebody else has written the snapshot meanwhile: it is theirs to settle.
   */
  settle(): Promise<void>;
}

/** teamctl takes no lock: all we can do is notice, and stop there. */
export class TeamChangedError extends Error {
  override readonly name = 'TeamChangedError';

  constructor() {
    super('teamctl changed the team meanwhile (state/applied.json is another): ask again');
  }
}

interface Change extends Omit<SnapshotChange, 'at' | 'settled'> {
  readonly startedWith?: ReadonlyMap<AgentId, StartedWith>;
}

/**
 * Changes go to disk one after the other, each on top of what is there. Under a snapshot of a newer schema nothing is
 * written at all.
 */
export function openTeamFiles({ host, roster, rendered }: Situation): TeamFiles {
  const { root } = host;
  const { applied: planned } = roster;
  /** One look serves all who ask for it at the same time. */
  let checking: Promise<unknown> | undefined;

  /** A disk that has to be sure of each agent by itself would make a team of a hundred wait for it. */
  const write = together((ids: readonly AgentId[]) =>
    inTurn(root, async () => {
      if ((await current()).snapshot.kind === 'newer') return [];
      await sweepTemporaryFiles(root);
      await installWrapper(root);
      return await Promise.allSettled(ids.map(async (id) => writeAgentFiles(root, renderedAgent(id))));
    }),
  );
  const change = together((changes: readonly Change[]) =>
    inTurn(root, async () => {
      const before = await current();
      if (before.snapshot.kind === 'newer') return [];
      const global = snapshotGlobal(loadedTeam(roster));
      const startedWith = new Map(before.startedWith);
      let snapshot = before.snapshot.kind === 'snapshot' ? before.snapshot.snapshot : undefined;
      for (const { startedWith: more = [], ...what } of changes) {
        for (const id of [...(what.removed ?? []), ...(what.started?.keys() ?? [])]) startedWith.delete(id);
        for (const [id, one] of more) startedWith.set(id, one);
        snapshot = mergeSnapshot(snapshot, { at: new Date(), ...what }, global);
      }
      await sweepTemporaryFiles(root);
      if (snapshot) await writeApplied(root, before, { snapshot, startedWith });
      return [];
    }),
  );

  /** What there is to write, if anything. A team that does not load can be stopped all the same, and has nothing to settle. */
  async function unsettled(): Promise<{ readonly before: Applied; readonly snapshot: Snapshot } | undefined> {
    if (roster.team.kind !== 'loaded') return undefined;
    const { team } = roster.team;
    const before = await readApplied(root);
    const { snapshot: prior, startedWith } = before;
    if (isForeign(before) || !digestChanged({ team, prior })) return undefined;
    if (pendingAgents({ team, prior, startedWith, rendered }).length > 0) return undefined;
    const global = snapshotGlobal(team);
    const settled = { compose_digest: composeDigest(team), global };
    const known = prior.kind === 'snapshot' ? prior.snapshot : undefined;
    return { before, snapshot: mergeSnapshot(known, { at: new Date(), settled }, global) };
  }

  /** Looks before it waits for its turn, and again once it has it. */
  async function settle(): Promise<void> {
    if ((await unsettled()) === undefined) return;
    await inTurn(root, async () => {
      const found = await unsettled();
      if (found === undefined) return;
      const { before, snapshot } = found;
      await sweepTemporaryFiles(root);
      await writeApplied(root, before, { snapshot, startedWith: before.startedWith });
    });
  }

  /** What the plan was made from, or what operations of ours have made of it since. */
  async function current(): Promise<Applied> {
    const now = await readApplied(root);
    if (isForeign(now)) throw new TeamChangedError();
    return now;
  }

  function isForeign({ version, base }: Applied): boolean {
    return version !== planned.version && base !== planned.base;
  }

  function renderedAgent(id: AgentId): RenderedAgent {
    const agent = rendered.get(id);
    if (agent === undefined) throw new Error(`${id} was to be started and is not in the team`);
    return agent;
  }

  function started(id: AgentId, as: Partial<Pick<RenderedAgent, 'spec'>> = {}): Pick<Change, 'started'> {
    return { started: new Map([[id, snapshotEntry({ ...renderedAgent(id), ...as })]]) };
  }

  return {
    check() {
      checking ??= current().finally(() => {
        checking = undefined;
      });
      return checking;
    },
    async write(id) {
      const written = await write(id);
      if (written?.status === 'rejected') throw written.reason;
    },
    async recordStarted(spec) {
      const { id, backend: supervisor } = spec;
      const { startsWith } = renderedAgent(id);
      await change({
        ...started(id, { spec }),
        startedWith: new Map([[id, { ...startsWith, supervisor }]]),
      });
    },
    recordAdopted: async (id) => change(started(id)),
    recordRemoved: (id) => change({ removed: [id] }),
    settle,
  };
}
