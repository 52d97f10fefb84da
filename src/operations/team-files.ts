import { mergeSnapshot, type SnapshotChange } from '../team/merge-snapshot.ts';
import { type RenderedAgent, snapshotEntry, writeAgentFiles } from '../team/rendered-agent.ts';
import {
  composeDigest,
  readSnapshot,
  type SnapshotRead,
  snapshotGlobal,
  writeSnapshot,
} from '../team/snapshot.ts';
import type { AgentId, Team } from '../team/team.ts';
import { installWrapper } from '../team/wrapper.ts';
import { loadedTeam, type Situation } from './situation.ts';

/** What an operation writes into the team tree, agent by agent, always together with what the snapshot says of it. */
export interface TeamFiles {
  /** Puts the agent's files in place. Throws `TeamChangedError` if somebody else has written the snapshot meanwhile. */
  write(id: AgentId): Promise<void>;
  /** Remembers that the agent runs with the files that were written for it. */
  recordStarted(id: AgentId): Promise<void>;
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

/** Changes go to disk one after the other. Under a snapshot of a newer schema nothing is written at all. */
export function openTeamFiles({ host, roster, rendered }: Situation): TeamFiles {
  const { root } = host;
  let last = roster.snapshot;
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  }

  async function change(what: Omit<SnapshotChange, 'at'>): Promise<void> {
    await refuseForeignChange();
    if (last.kind === 'newer') return;
    const prior = last.kind === 'snapshot' ? last.snapshot : undefined;
    const team = loadedTeam(roster);
    await writeSnapshot(root, mergeSnapshot(prior, { at: new Date(), ...what }, snapshotGlobal(team)));
    last = await readSnapshot(root);
  }

  async function refuseForeignChange(): Promise<void> {
    if (!sameBytes(await readSnapshot(root), last)) throw new TeamChangedError();
  }

  function renderedAgent(id: AgentId): RenderedAgent {
    const agent = rendered.get(id);
    if (agent === undefined) throw new Error(`${id} was to be started and is not in the team`);
    return agent;
  }

  return {
    write: (id) =>
      inTurn(async () => {
        await refuseForeignChange();
        if (last.kind === 'newer') return;
        await installWrapper(root);
        await writeAgentFiles(root, renderedAgent(id));
      }),
    recordStarted: (id) =>
      inTurn(() => change({ started: new Map([[id, snapshotEntry(renderedAgent(id))]]) })),
    recordRemoved: (id) => inTurn(() => change({ removed: [id] })),
    settle: () => inTurn(() => change({ settled: settled(loadedTeam(roster)) })),
  };
}

function settled(team: Team): NonNullable<SnapshotChange['settled']> {
  return { compose_digest: composeDigest(team), global: snapshotGlobal(team) };
}

function sameBytes(a: SnapshotRead, b: SnapshotRead): boolean {
  const bytes = (read: SnapshotRead) => Buffer.from(read.bytes ?? []);
  return bytes(a).equals(bytes(b));
}
