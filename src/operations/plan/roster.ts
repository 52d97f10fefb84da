import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import { RefusedError } from '../../domain/refusal.ts';
import type { Selection } from '../../domain/selection.ts';
import { UnreadableFileError } from '../../team/bounded-read.ts';
import { type Complaint, describeComplaint } from '../../team/files/complaint.ts';
import { type LoadResult, loadTeam } from '../../team/files/load.ts';
import { agentSpec } from '../../team/names.ts';
import { type Applied, readApplied, withRecordedRuntime } from '../../team/reload/applied.ts';
import { specFromSnapshot } from '../../team/reload/snapshot.ts';
import { startedOn } from '../../team/reload/started-with.ts';
import { type Agent, agentsOf, withSecondAsk } from '../../team/team.ts';
import type { Host } from '../host.ts';

export function doesNotLoad({ complaints }: { readonly complaints: readonly Complaint[] }): RefusedError {
  return new RefusedError({ kind: 'team-does-not-load', complaints: complaints.map(describeComplaint) });
}

/** One agent that the team's files or the snapshot know. */
export interface KnownAgent {
  readonly id: AgentId;
  readonly project: string;
  /** How it was started, as far as the snapshot tells; else how it would be. */
  readonly spec: AgentSpec;
  /** Absent: the team's files don't have it, or don't load. */
  readonly agent?: Agent;
  /** How many managers stand above it. */
  readonly depth: number;
}

/** Who there is, read afresh from disk for every question. */
export interface Roster {
  readonly team: LoadResult;
  readonly applied: Applied;
  /** The team's own order, then those that only the snapshot knows. */
  readonly agents: readonly KnownAgent[];
  /** Files below `state/` that could not be read, one sentence each. */
  readonly unread: readonly string[];
}

export async function readRoster({
  root,
  supervisorTypes,
  supervisor,
}: Pick<Host, 'root' | 'supervisorTypes' | 'supervisor'>): Promise<Roster> {
  const hasProgram = async (program: string, backend: string) =>
    (await supervisor.hasProgram?.(program, backend)) ?? true;
  const [team, applied] = await Promise.all([
    loadTeam(root, { supervisorTypes, hasProgram }),
    readApplied(root),
  ]);
  const unread: string[] = [];
  const started = await startedSpecs(root, applied, unread);
  const known = new Map<AgentId, KnownAgent>();
  if (team.kind === 'loaded') {
    const inFiles = agentsOf(team.team);
    for (const agent of inFiles) {
      const now = agentSpec(team.team, agent);
      const spec = withSecondAsk({ ...now, ...started.get(agent.id) }, team.team.runtimes);
      known.set(agent.id, {
        id: agent.id,
        project: agent.project,
        spec,
        agent,
        depth: depthOf(agent, inFiles),
      });
    }
  }
  for (const [id, recorded] of started) {
    if (known.has(id)) continue;
    const spec = team.kind === 'loaded' ? withSecondAsk(recorded, team.team.runtimes) : recorded;
    known.set(id, { id, project: spec.project, spec, depth: 0 });
  }
  return { team, applied, agents: [...known.values()], unread };
}

/** The agents somebody means. Throws `RefusedError` if there is no such project or agent, or none that can be read of. */
export function selected({ agents, team }: Roster, selection: Selection): readonly KnownAgent[] {
  if (selection.kind === 'team') return agents;
  const { nameOf, asked } =
    selection.kind === 'project'
      ? { nameOf: (agent: KnownAgent) => agent.project, asked: selection.project }
      : { nameOf: (agent: KnownAgent) => agent.id, asked: selection.id };
  const targets = agents.filter((agent) => nameOf(agent) === asked);
  if (targets.length === 0) {
    if (team.kind === 'refused') throw doesNotLoad(team);
    throw new RefusedError({ kind: 'unknown-selection', asked, known: [...new Set(agents.map(nameOf))] });
  }
  return targets;
}

/** Of these agents, those that the team wants on another back-end than they were started on: as they are to be there. */
export function toBeMoved({ team }: Roster, agents: readonly KnownAgent[]): readonly AgentSpec[] {
  if (team.kind === 'refused') return [];
  return agents
    .filter(({ spec }) => spec.backend !== team.team.supervisorType)
    .flatMap(({ agent }) => (agent === undefined ? [] : [agentSpec(team.team, agent)]));
}

/** How agents were started, by the snapshot, the env files it names, and what Muster remembers beside it. */
async function startedSpecs(
  root: string,
  { snapshot: read, startedWith }: Applied,
  unread: string[],
): Promise<ReadonlyMap<AgentId, AgentSpec>> {
  if (read.kind === 'none' && read.isMissing !== true) unread.push(read.why);
  if (read.kind !== 'snapshot') return new Map();
  const specs = [...read.snapshot.agents].map(async ([id, entry]) => {
    const backend = startedOn(id, read.snapshot, startedWith);
    const spec = specFromSnapshot(root, id, entry, backend);
    return [id, await withRecordedRuntime(spec).catch((error) => notRecorded(spec, error, unread))] as const;
  });
  return new Map(await Promise.all(specs));
}

/** It is one agent's trouble, and no reason not to look at it. */
function notRecorded(spec: AgentSpec, error: unknown, unread: string[]): AgentSpec {
  if (!(error instanceof UnreadableFileError)) throw error;
  unread.push(`${spec.id}: ${error.message}`);
  return spec;
}

/** A worker stands below its project's managers even where it names none. */
function depthOf(agent: Agent, all: readonly Agent[]): number {
  let depth = 0;
  for (let manager = managerOf(agent, all); manager !== undefined; manager = managerOf(manager, all)) depth++;
  return Math.max(depth, agent.role === 'worker' ? 1 : 0);
}

function managerOf(agent: Agent, all: readonly Agent[]): Agent | undefined {
  return all.find(({ project, name }) => project === agent.project && name === agent.reportsTo);
}
