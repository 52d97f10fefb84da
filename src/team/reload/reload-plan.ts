import { type AgentId, type AgentSpec, splitAgentId } from '../../domain/agent.ts';
import { byByteOrder } from '../names.ts';
import type { Team } from '../team.ts';
import { changesBetween, type Fingerprints } from './fingerprint.ts';
import { type Decision, decide, obstacleToMove, type SeenThere } from './reload-decision.ts';
import {
  composeDigest,
  type SnapshotAgent,
  type SnapshotRead,
  snapshotGlobal,
  specFromSnapshot,
} from './snapshot.ts';
import { foundationChanges, type StartedWith, startedOn } from './started-with.ts';

export interface ReloadQuestion {
  readonly team: Team;
  readonly rendered: ReadonlyMap<
    AgentId,
    { readonly spec: AgentSpec; readonly fingerprints: Fingerprints; readonly startsWith?: StartedWith }
  >;
  readonly prior: SnapshotRead;
  /** What Muster started its agents with; an agent missing here was started by somebody else. */
  readonly startedWith?: ReadonlyMap<AgentId, StartedWith>;
  /** Of each agent under the name the snapshot has for it, else its own. An agent missing here is unknown. */
  readonly states: ReadonlyMap<AgentId, 'running' | 'stopped' | 'unknown'>;
  /** Of each agent that the team wants on another back-end, what is there already. One missing here is unknown. */
  readonly statesThere?: ReadonlyMap<AgentId, SeenThere>;
  readonly wantedDown?: ReadonlyMap<AgentId, { readonly by: string }>;
  readonly scope?: { readonly project: string; readonly agent?: string };
  readonly force?: boolean;
}

export interface PlannedStep extends Decision {
  readonly id: AgentId;
  /** As it is to run now; absent for an agent that is gone from the team. */
  readonly spec?: AgentSpec;
  /** What the snapshot says was started, which is what has to be stopped. */
  readonly running?: AgentSpec;
  /** The back-end it was started on, where the team names another one by now. */
  readonly startedOn?: string;
  /** The step that frees this one's session name, and so goes first. */
  readonly after?: AgentId;
}

export interface ReloadPlan {
  /** In byte order of the ids. */
  readonly steps: readonly PlannedStep[];
}

/** What is compared: the team's files as they are now, and what was last started. */
export type Compared = Pick<ReloadQuestion, 'team' | 'rendered' | 'prior' | 'startedWith'>;

/** What a reload would do, worked out from what was read and observed; it looks at nothing itself. */
export function planReload(question: ReloadQuestion): ReloadPlan {
  const reached = agentsIn(question).filter((id) => inScope(id, question.scope));
  return { steps: reached.map((id) => planStep(id, question)) };
}

/** Agents that were not started as the team's files say now, in byte order. None under a snapshot of a newer schema, which cannot be compared with. */
export function pendingAgents(compared: Compared): readonly AgentId[] {
  return agentsIn(compared).filter((id) => differs(id, compared));
}

/** The snapshot keeps something else of the compose file than it says now, whether or not that touches an agent. */
export function digestChanged({ team, prior }: Pick<Compared, 'team' | 'prior'>): boolean {
  if (prior.kind !== 'snapshot') return prior.kind === 'none';
  const { compose_digest, global } = prior.snapshot;
  const now = snapshotGlobal(team);
  return (
    compose_digest !== composeDigest(team) ||
    global.supervisor_type !== now.supervisor_type ||
    global.tmux_prefix !== now.tmux_prefix ||
    global.broker_path !== now.broker_path
  );
}

/** Nothing would be started, stopped or written for any agent. */
export function hasNothingToDo({ steps }: ReloadPlan): boolean {
  return steps.every(({ action, adopts }) => action === 'leave' || (action === 'keep' && adopts !== true));
}

function planStep(id: AgentId, question: ReloadQuestion): PlannedStep {
  const { team, rendered, prior, wantedDown, force = false } = question;
  const now = rendered.get(id);
  const entry = startedAgents(prior).get(id);
  const from = entry && backendOf(id, question);
  const isToMove = from !== undefined && from !== team.supervisorType;
  const names = {
    id,
    ...(now && { spec: now.spec }),
    ...(entry && from !== undefined && { running: specFromSnapshot(team.root, id, entry, from) }),
    ...(isToMove && { startedOn: from }),
  };

  const holder = now && holderOfSession(now.spec, question);
  if (holder !== undefined && !inScope(holder, question.scope)) {
    return { ...names, action: 'leave', why: [`${holder} still has its session name`] };
  }
  const observed = question.states.get(id) ?? 'unknown';
  const downBy = wantedDown?.get(id)?.by;
  const decision = decide({
    state: holder !== undefined && entry === undefined && observed === 'running' ? 'stopped' : observed,
    inTeam: now !== undefined,
    inSnapshot: entry !== undefined,
    labels: labels(id, question),
    force,
    ...(downBy !== undefined && { downBy }),
    ...(prior.kind === 'newer' && { newerSchema: prior.schema }),
  });
  if (isToMove && (decision.action === 'change' || decision.action === 'start')) {
    const move = { from, to: team.supervisorType, isRunning: observed === 'running' };
    const obstacle = obstacleToMove(move, question.statesThere?.get(id));
    if (obstacle !== undefined) return { ...names, action: 'leave', why: [obstacle] };
  }
  return { ...names, ...decision, ...(holder !== undefined && { after: holder }) };
}

/** Another agent that was started under the name this one is to have: what is seen running under it is that other one. */
function holderOfSession({ id, session }: AgentSpec, { prior }: ReloadQuestion): AgentId | undefined {
  const started = startedAgents(prior);
  if (started.get(id)?.tmux_session === session) return undefined;
  return [...started].find(([other, entry]) => other !== id && entry.tmux_session === session)?.[0];
}

function agentsIn({ prior, rendered }: Compared): AgentId[] {
  return [...new Set([...rendered.keys(), ...startedAgents(prior).keys()])].sort(byByteOrder);
}

function differs(id: AgentId, compared: Compared): boolean {
  const { prior, rendered } = compared;
  if (prior.kind === 'newer') return false;
  return rendered.has(id) !== startedAgents(prior).has(id) || labels(id, compared).length > 0;
}

function labels(id: AgentId, compared: Compared): readonly string[] {
  const now = compared.rendered.get(id);
  const entry = startedAgents(compared.prior).get(id);
  if (now === undefined || entry === undefined) return [];
  return [
    ...changesBetween(entry.fingerprints, now.fingerprints),
    ...(backendOf(id, compared) === compared.team.supervisorType ? [] : ['supervisor']),
    ...foundationChanges(compared.startedWith?.get(id), now.startsWith),
  ];
}

function backendOf(id: AgentId, { prior, team, startedWith }: Compared): string {
  return prior.kind === 'snapshot' ? startedOn(id, prior.snapshot, startedWith) : team.supervisorType;
}

function startedAgents(prior: SnapshotRead): ReadonlyMap<AgentId, SnapshotAgent> {
  return prior.kind === 'snapshot' ? prior.snapshot.agents : new Map();
}

function inScope(id: AgentId, scope: ReloadQuestion['scope']): boolean {
  if (scope === undefined) return true;
  const { project, agent } = splitAgentId(id);
  return project === scope.project && (scope.agent === undefined || scope.agent === agent);
}
