import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import { agentSpec, mailboxPath, mcpPath, rolePromptPath, sessionName } from '../names.ts';
import { type Agent, agentsOf, type Team } from '../team.ts';
import { replaceFile } from '../write-file.ts';
import { type Fingerprints, fingerprint, fingerprintRolePrompt } from './fingerprint.ts';
import type { SnapshotAgent } from './snapshot.ts';
import { readStartsWith, type StartedWith } from './started-with.ts';

/** `state/envs/<project>-<agent>.env`, byte for byte as teamctl writes it: unquoted values in this order. */
export function renderEnv(team: Team, agent: Agent): string {
  const project = team.projects.find(({ id }) => id === agent.project);
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['AGENT_ID', agent.id],
    ['PROJECT_ID', agent.project],
    ['RUNTIME', agent.runtime],
    ['MODEL', agent.model],
    ['PERMISSION_MODE', agent.permissionMode],
    ['EFFORT', agent.effort],
    ['TEAMCTL_MAILBOX', mailboxPath(team)],
    ['MCP_CONFIG', mcpPath(team.root, agent)],
    ['SYSTEM_PROMPT_PATH', rolePromptPath(team, agent) ?? ''],
    ['CLAUDE_PROJECT_DIR', project?.cwd],
    ['TEAMCTL_ROOT', team.root],
    ['TMUX_SESSION', sessionName(team.tmuxPrefix, agent.project, agent.name)],
  ];
  return lines.map(([key, value]) => (value === undefined ? '' : `${key}=${value}\n`)).join('');
}

/** `state/mcp/<project>-<agent>.json`, byte for byte as teamctl writes it: sorted keys, no newline at the end. */
export function renderMcp(team: Team, agent: Agent, teamMcp: string): string {
  const args = teamMcpArguments(team, agent);
  return JSON.stringify({ mcpServers: { team: { args, command: teamMcp, env: {} } } }, null, 2);
}

/**
 * `state/muster/args/<project>-<agent>`: what our wrapper adds to the arguments of a runtime that takes no MCP file, one a line.
 * Undefined for every runtime but Codex.
 */
export function renderArguments(team: Team, agent: Agent, teamMcp: string): string | undefined {
  if (agent.runtime !== 'codex') return undefined;
  const settings = { command: teamMcp, args: teamMcpArguments(team, agent) };
  return Object.entries(settings)
    .map(([key, value]) => `-c\nmcp_servers.team.${key}=${asToml(value)}\n`)
    .join('');
}

function teamMcpArguments(team: Team, agent: Agent): readonly string[] {
  return ['--agent-id', agent.id, '--mailbox', mailboxPath(team)];
}

/** JSON's strings, and its arrays of them, are TOML's too, but for DEL, which TOML wants escaped. */
function asToml(value: string | readonly string[]): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

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
