import { joinAsWritten, mcpPath, sessionName } from './names.ts';
import type { Agent, Team } from './team.ts';

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

export function mailboxPath(team: Team): string {
  return joinAsWritten(team.root, team.brokerPath);
}

export function rolePromptPath(team: Team, agent: Agent): string | undefined {
  return agent.rolePrompt === undefined ? undefined : joinAsWritten(team.root, agent.rolePrompt);
}
