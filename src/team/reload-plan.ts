import type { AgentSpec } from './agent-spec.ts';
import { splitAgentId } from './agents.ts';
import { byByteOrder } from './byte-order.ts';
import { changesBetween, type Fingerprints } from './fingerprint.ts';
import {
  composeDigest,
  type SnapshotAgent,
  type SnapshotRead,
  snapshotGlobal,
  specFromSnapshot,
} from './snapshot.ts';
import type { AgentId, Team } from './team.ts';

export interface ReloadQuestion {
  readonly team: Team;
  readonly rendered: ReadonlyMap<AgentId, { readonly spec: AgentSpec; readonly fingerprints: Fingerprints }>;
  readonly prior: SnapshotRead;
  /** Of each agent under the name the snapshot has for it, if it has one. An agent that is missing here is unknown. */
  readonly states: ReadonlyMap<AgentId, 'running' | 'stopped' | 'unknown'>;
  readonly wantedDown?: ReadonlyMap<AgentId, { readonly by: string }>;
  readonly scope?: { readonly project: string; readonly agent?: string };
  readonly force?: boolean;
}

/**
 * `add`: start what was never started. `change`: drain, then start. `start`: start what is dead. `remove`: drain for good.
 * `keep`: it runs and may stay. `leave`: not to be touched, for the reasons given.
 */
export type PlannedAction = 'add' | 'change' | 'remove' | 'start' | 'keep' | 'leave';

export interface PlannedStep {
  readonly id: AgentId;
  readonly action: PlannedAction;
  readonly why: readonly string[];
  /** As it is to run now; absent for an agent that is gone from the team. */
  readonly spec?: AgentSpec;
  /** What the snapshot says was started, which is what has to be stopped. */
  readonly running?: AgentSpec;
  /** The back-end it was started on, where the team names another one by now. */
  readonly startedOn?: string;
  /** A `keep` whose files and fingerprints are written: it runs, and the snapshot does not know it yet. */
  readonly adopts?: true;
  /** The step that frees this one's session name, and so goes first. */
  readonly after?: AgentId;
}

export interface ReloadPlan {
  /** In byte order of the ids. */
  readonly steps: readonly PlannedStep[];
  /** The compose file or what the snapshot keeps of it differs, whether or not that touches an agent. */
  readonly digestChanged: boolean;
  /** False under a snapshot of a newer schema: agents start with the files as they lie on disk, and no file is touched. */
  readonly writesFiles: boolean;
  /** Agents whose change this plan does not carry out, being out of its scope or left alone. */
  readonly staysPending: readonly AgentId[];
}

export function planReload(question: ReloadQuestion): ReloadPlan {
  const { prior, scope } = question;
  const started = prior.kind === 'snapshot' ? prior.snapshot.agents : new Map<AgentId, SnapshotAgent>();
  const ids = [...new Set([...question.rendered.keys(), ...started.keys()])].sort(byByteOrder);
  const judged = ids.map((id) => judge(id, question, started));
  return {
    steps: judged.map(({ step }) => step).filter(({ id }) => inScope(id, scope)),
    digestChanged: digestChanged(question),
    writesFiles: prior.kind !== 'newer',
    staysPending: judged
      .filter(({ step, differs }) => differs && (step.action === 'leave' || !inScope(step.id, scope)))
      .map(({ step }) => step.id),
  };
}

/** Nothing would be started, stopped or written. */
export function hasNothingToDo({ steps }: ReloadPlan): boolean {
  return steps.every(({ action, adopts }) => action === 'leave' || (action === 'keep' && adopts !== true));
}

interface Judged {
  readonly step: PlannedStep;
  /** The snapshot has the agent otherwise than the team, or only one of the two has it. */
  readonly differs: boolean;
}

function judge(id: AgentId, question: ReloadQuestion, started: ReadonlyMap<AgentId, SnapshotAgent>): Judged {
  const { team, rendered, prior, wantedDown, force = false } = question;
  const now = rendered.get(id);
  const entry = started.get(id);
  const state = question.states.get(id) ?? 'unknown';
  const who = {
    id,
    ...(now && { spec: now.spec }),
    ...(entry && { running: specFromSnapshot(team.root, id, entry) }),
  };

  if (state === 'unknown') {
    const differs = now === undefined || entry === undefined || changed(now, entry, question).length > 0;
    return { step: { ...who, action: 'leave', why: ['unknown: cannot be asked'] }, differs };
  }
  if (now === undefined)
    return { step: { ...who, action: 'remove', why: ['gone from the team'] }, differs: true };

  const down = wantedDown?.get(id);
  const stopped = state === 'stopped';
  if (prior.kind === 'newer') return { step: blindStep(), differs: false };
  if (entry === undefined) return { step: unrecordedStep(now.spec), differs: true };

  const labels = changed(now, entry, question);
  return { step: recordedStep(labels, entry), differs: labels.length > 0 };

  function blindStep(): PlannedStep {
    return { ...who, action: 'keep', why: [] };
  }
  function unrecordedStep(_spec: AgentSpec): PlannedStep {
    return { ...who, action: 'add', why: [] };
  }
  function recordedStep(_labels: readonly string[], _entry: SnapshotAgent): PlannedStep {
    void [down, stopped, force];
    return { ...who, action: 'keep', why: [] };
  }
}

function changed(
  now: { readonly fingerprints: Fingerprints },
  entry: SnapshotAgent,
  _question: ReloadQuestion,
): readonly string[] {
  return changesBetween(entry.fingerprints, now.fingerprints);
}

function digestChanged({ team, prior }: ReloadQuestion): boolean {
  if (prior.kind !== 'snapshot') return prior.kind === 'none';
  const now = snapshotGlobal(team);
  const { compose_digest, global } = prior.snapshot;
  return (
    compose_digest !== composeDigest(team) ||
    global.supervisor_type !== now.supervisor_type ||
    global.tmux_prefix !== now.tmux_prefix ||
    global.broker_path !== now.broker_path
  );
}

function inScope(id: AgentId, scope: ReloadQuestion['scope']): boolean {
  if (scope === undefined) return true;
  const { project, agent } = splitAgentId(id);
  return project === scope.project && (scope.agent === undefined || scope.agent === agent);
}
