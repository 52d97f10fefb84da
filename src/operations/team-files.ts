import { fingerprint } from '../team/fingerprint.ts';
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
import type { Host } from './host.ts';
import { loadedTeam, type Situation } from './situation.ts';

/** What an operation writes into the team tree, agent by agent, always together with what the snapshot says of it. */
export interface TeamFiles {
  /** Throws `TeamChangedError` if somebody else has written the snapshot since the plan was made. */
  check(): Promise<void>;
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

/** What the operations of this process have to know of each other: two of them may work on two projects of one team. */
interface Shared {
  queue: Promise<unknown>;
  /** Snapshots of which each was made by us from the one before; the same content may come twice. */
  chain: string[];
}

const longestChain = 1000;
const sharedByHost = new WeakMap<Host, Shared>();

/**
 * Changes go to disk one after the other, each on top of what is there. Under a snapshot of a newer schema nothing is
 * written at all.
 */
export function openTeamFiles({ host, roster, rendered }: Situation): TeamFiles {
  const { root } = host;
  const shared = sharedByHost.get(host) ?? { queue: Promise.resolve(), chain: [] };
  sharedByHost.set(host, shared);
  const planned = content(roster.snapshot);

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = shared.queue.then(work);
    shared.queue = done.catch(() => undefined);
    return done;
  }

  async function change(what: Omit<SnapshotChange, 'at'>): Promise<void> {
    const before = await currentSnapshot();
    if (before.kind === 'newer') return;
    const prior = before.kind === 'snapshot' ? before.snapshot : undefined;
    const team = loadedTeam(roster);
    await writeSnapshot(root, mergeSnapshot(prior, { at: new Date(), ...what }, snapshotGlobal(team)));
    if (shared.chain.at(-1) !== content(before)) shared.chain = [content(before)];
    shared.chain = [...shared.chain, content(await readSnapshot(root))].slice(-longestChain);
  }

  /** The snapshot the plan was made from, or what operations of ours have made of it since. */
  async function currentSnapshot(): Promise<SnapshotRead> {
    const current = await readSnapshot(root);
    const now = content(current);
    const isOurs = shared.chain.at(-1) === now && shared.chain.includes(planned);
    if (now !== planned && !isOurs) throw new TeamChangedError();
    return current;
  }

  function renderedAgent(id: AgentId): RenderedAgent {
    const agent = rendered.get(id);
    if (agent === undefined) throw new Error(`${id} was to be started and is not in the team`);
    return agent;
  }

  return {
    check: () =>
      inTurn(async () => {
        await currentSnapshot();
      }),
    write: (id) =>
      inTurn(async () => {
        if ((await currentSnapshot()).kind === 'newer') return;
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

function content({ bytes }: SnapshotRead): string {
  return bytes === undefined ? 'no file' : fingerprint(bytes);
}
