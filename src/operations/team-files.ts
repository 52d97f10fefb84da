import type { AgentSpec } from '../team/agent-spec.ts';
import { type Applied, readApplied, writeApplied } from '../team/applied.ts';
import { mergeSnapshot, type SnapshotChange } from '../team/merge-snapshot.ts';
import { type RenderedAgent, snapshotEntry, writeAgentFiles } from '../team/rendered-agent.ts';
import { composeDigest, snapshotGlobal } from '../team/snapshot.ts';
import type { StartedWith } from '../team/started-with.ts';
import type { AgentId, Team } from '../team/team.ts';
import { sweepTemporaryFiles } from '../team/temporary-files.ts';
import { installWrapper } from '../team/wrapper.ts';
import { loadedTeam, type Situation } from './situation.ts';
import { inTurn } from './team-turn.ts';

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
  /** Remembers the compose file too: nothing stays pending. */
  settle(): Promise<void>;
}

/** teamctl takes no lock: all we can do is notice, and stop there. */
export class TeamChangedError extends Error {
  override readonly name = 'TeamChangedError';

  constructor() {
    super('teamctl changed the team meanwhile (state/applied.json is another): ask again');
  }
}

interface Change extends Omit<SnapshotChange, 'at'> {
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

  async function change({ startedWith, ...what }: Change): Promise<void> {
    const before = await current();
    const { snapshot } = before;
    if (snapshot.kind === 'newer') return;
    const prior = snapshot.kind === 'snapshot' ? snapshot.snapshot : undefined;
    const global = snapshotGlobal(loadedTeam(roster));
    const known = new Map(before.startedWith);
    for (const id of [...(what.removed ?? []), ...(what.started?.keys() ?? [])]) known.delete(id);
    for (const [id, one] of startedWith ?? []) known.set(id, one);
    await sweepTemporaryFiles(root);
    await writeApplied(root, before, {
      snapshot: mergeSnapshot(prior, { at: new Date(), ...what }, global),
      startedWith: known,
    });
  }

  /** What the plan was made from, or what operations of ours have made of it since. */
  async function current(): Promise<Applied> {
    const now = await readApplied(root);
    if (now.version !== planned.version && now.base !== planned.base) throw new TeamChangedError();
    return now;
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
    write: (id) =>
      inTurn(root, async () => {
        if ((await current()).snapshot.kind === 'newer') return;
        await sweepTemporaryFiles(root);
        await installWrapper(root);
        await writeAgentFiles(root, renderedAgent(id));
      }),
    recordStarted: (spec) =>
      inTurn(root, () => {
        const { id, backend: supervisor } = spec;
        const { startsWith } = renderedAgent(id);
        return change({
          ...started(id, { spec }),
          startedWith: new Map([[id, { ...startsWith, supervisor }]]),
        });
      }),
    recordAdopted: (id) => inTurn(root, () => change(started(id))),
    recordRemoved: (id) => inTurn(root, () => change({ removed: [id] })),
    settle: () => inTurn(root, () => change({ settled: settled(loadedTeam(roster)) })),
  };
}

function settled(team: Team): NonNullable<SnapshotChange['settled']> {
  return { compose_digest: composeDigest(team), global: snapshotGlobal(team) };
}
