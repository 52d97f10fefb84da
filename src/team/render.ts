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
  const args = ['--agent-id', agent.id, '--mailbox', mailboxPath(team)];
  return JSON.stringify({ mcpServers: { team: { args, command: teamMcp, env: {} } } }, null, 2);
}

export function mailboxPath(team: Team): string {
  return joinAsWritten(team.root, team.brokerPath);
}

export function rolePromptPath(team: Team, agent: Agent): string | undefined {
  return agent.rolePrompt === undefined ? undefined : joinAsWritten(team.root, agent.rolePrompt);
}
