import { realpath } from 'node:fs/promises';
import { agentId } from '../../domain/agent.ts';
import { byByteOrder } from '../names.ts';
import type { Agent, Project, Team } from '../team.ts';
import { checkNames, checkRoot } from './check-team.ts';
import type { Complaint } from './complaint.ts';
import { checkCompose } from './compose-file.ts';
import { likelyMistakes } from './likely-mistakes.ts';
import { type AgentEntry, checkProject, type ProjectFile } from './project-file.ts';
import { readTeamFiles, type TeamFiles } from './read-files.ts';

export interface LoadOptions {
  /** Names of the back-ends there are; `supervisor.type` must be one of them. */
  readonly supervisorTypes: readonly string[];
  /** Whether agents on the back-end of that name could start it, to warn of runtimes that are not installed; without it they are not looked for. */
  readonly hasProgram?: (program: string, backend: string) => Promise<boolean>;
}

export type LoadResult =
  | { readonly kind: 'loaded'; readonly team: Team; readonly warnings: readonly Complaint[] }
  | {
      readonly kind: 'refused';
      readonly complaints: readonly Complaint[];
      readonly warnings: readonly Complaint[];
    };

/** Reads and validates a team. Whatever is wrong with its files is in the result, all of it; it never throws for them. */
export async function loadTeam(root: string, options: LoadOptions): Promise<LoadResult> {
  const { supervisorTypes, hasProgram } = options;
  const found: Complaint[] = [];
  const canonical = await realpath(root).catch(() => root);
  const files = await readTeamFiles(canonical, found);
  const { compose, projects, runtimes } = files;
  await checkRoot(canonical, found);
  if (compose !== undefined) checkCompose(compose, supervisorTypes, found);
  for (const project of projects) checkProject(project, new Set(runtimes.keys()), found);
  checkNames(projects, found);
  const backend = compose?.supervisor.type.value;
  const surroundings = {
    root: canonical,
    ...(hasProgram && backend && { hasProgram: (program: string) => hasProgram(program, backend) }),
  };
  found.push(...(await likelyMistakes(projects, runtimes, surroundings)));

  const complaints = found.filter(({ severity }) => severity === 'error');
  const warnings = found.filter(({ severity }) => severity === 'warning');
  const team = assemble(canonical, files);
  return complaints.length > 0 || team === undefined
    ? { kind: 'refused', complaints, warnings }
    : { kind: 'loaded', team, warnings };
}

function assemble(root: string, { compose, composeBytes, projects, runtimes }: TeamFiles): Team | undefined {
  if (compose === undefined) return undefined;
  const { broker, supervisor } = compose;
  return {
    root,
    supervisorType: supervisor.type.value,
    tmuxPrefix: supervisor.tmux_prefix.value,
    brokerPath: broker.path.value,
    drainTimeoutMs: supervisor.drain_timeout_secs.value * 1000,
    composeBytes,
    projects: projects.map(assembleProject),
    runtimes,
  };
}

function assembleProject({ project, managers, workers }: ProjectFile): Project {
  const { id, name, cwd } = project;
  const inOrder = (entries: readonly AgentEntry[], role: Agent['role']) =>
    [...entries]
      .sort((left, right) => byByteOrder(left.key.value, right.key.value))
      .map((entry) => assembleAgent(id.value, entry, role));
  const agents = [...inOrder(managers, 'manager'), ...inOrder(workers, 'worker')];
  return { id: id.value, name: name.value, cwd: cwd.value, agents };
}

function assembleAgent(project: string, { key, value }: AgentEntry, role: Agent['role']): Agent {
  const { runtime, model, role_prompt, permission_mode, effort, reports_to } = value;
  return {
    id: agentId(project, key.value),
    project,
    name: key.value,
    role,
    runtime: runtime.value,
    ...(model && { model: model.value }),
    ...(role_prompt && { rolePrompt: role_prompt.value }),
    ...(permission_mode && { permissionMode: permission_mode.value }),
    ...(effort && { effort: effort.value }),
    ...(reports_to && { reportsTo: reports_to.value }),
  };
}
