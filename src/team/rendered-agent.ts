import type { AgentSpec } from './agent-spec.ts';
import { agentsOf } from './agents.ts';
import { type Fingerprints, fingerprint, fingerprintRolePrompt } from './fingerprint.ts';
import { agentSpec } from './names.ts';
import { renderArguments, renderEnv, renderMcp } from './render.ts';
import type { SnapshotAgent } from './snapshot.ts';
import { readStartsWith, type StartedWith } from './started-with.ts';
import type { Agent, AgentId, Team } from './team.ts';
import { replaceFile } from './write-file.ts';

/** All there is to be written for one agent. */
export interface RenderedAgent {
  readonly spec: AgentSpec;
  readonly env: string;
  readonly mcp: string;
  /** What our wrapper adds to the runtime's arguments; absent: nothing. */
  readonly args?: string;
  readonly fingerprints: Fingerprints;
  readonly startsWith: StartedWith;
}

/** Reads the role prompts, the wrapper and the runtimes' files, writes nothing. */
export async function renderTeam(team: Team, teamMcp: string): Promise<ReadonlyMap<AgentId, RenderedAgent>> {
  const startsWith = await readStartsWith(team);
  const rendered = agentsOf(team).map(
    async (agent) =>
      [agent.id, { ...(await renderAgent(team, agent, teamMcp)), startsWith: startsWith(agent) }] as const,
  );
  return new Map(await Promise.all(rendered));
}

export async function renderAgent(
  team: Team,
  agent: Agent,
  teamMcp: string,
): Promise<Omit<RenderedAgent, 'startsWith'>> {
  const env = renderEnv(team, agent);
  const mcp = renderMcp(team, agent, teamMcp);
  const args = renderArguments(team, agent, teamMcp);
  const role_prompt = await fingerprintRolePrompt(team, agent);
  return {
    spec: agentSpec(team, agent),
    env,
    mcp,
    ...(args !== undefined && { args }),
    fingerprints: { env: fingerprint(env), mcp: fingerprint(mcp), role_prompt },
  };
}

/** Puts the agent's env, MCP and argument files in place; the role prompt and the wrapper are not its own. */
export async function writeAgentFiles(
  root: string,
  { spec, env, mcp, args }: Pick<RenderedAgent, 'spec' | 'env' | 'mcp' | 'args'>,
): Promise<void> {
  const name = `${spec.project}-${spec.agent}`;
  await replaceFile({ within: root, path: `state/mcp/${name}.json`, content: mcp });
  if (args !== undefined) {
    await replaceFile({ within: root, path: `state/muster/args/${name}`, content: args });
  }
  await replaceFile({ within: root, path: `state/envs/${name}.env`, content: env });
}

/** What the snapshot is to remember once the agent runs with these files. */
export function snapshotEntry({
  spec,
  fingerprints,
}: Pick<RenderedAgent, 'spec' | 'fingerprints'>): SnapshotAgent {
  return { tmux_session: spec.session, env_file: spec.envFile, fingerprints };
}
