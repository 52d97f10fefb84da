import type { AgentSpec } from '../domain/agent.ts';
import type { Agent, Team } from './team.ts';

/** Compares as Rust's `BTreeMap<String, _>` does: by UTF-8 bytes, where JavaScript would compare UTF-16 units. */
export function byByteOrder(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Every name teamctl would give to what belongs to this agent; none is escaped, so validation refuses what would need it. */
export function agentSpec(team: Team, agent: Agent): AgentSpec {
  return {
    id: agent.id,
    project: agent.project,
    agent: agent.name,
    backend: team.supervisorType,
    session: sessionName(team.tmuxPrefix, agent.project, agent.name),
    wrapper: wrapperPath(team.root),
    cwd: team.root,
    envFile: envPath(team.root, agent),
    runtime: agent.runtime,
  };
}

export function sessionName(prefix: string, project: string, agent: string): string {
  return `${prefix}${project}-${agent}`;
}

/** The session teamctl starts for a manager's Telegram bot. */
export function botSessionName(prefix: string, project: string, manager: string): string {
  return `${prefix}bot-${project}-${manager}`;
}

export function wrapperPath(root: string): string {
  return joinAsWritten(root, 'bin/agent-wrapper.sh');
}

export function mcpPath(root: string, agent: Pick<Agent, 'project' | 'name'>): string {
  return joinAsWritten(root, `state/mcp/${agent.project}-${agent.name}.json`);
}

export function envPath(root: string, agent: Pick<Agent, 'project' | 'name'>): string {
  return joinAsWritten(root, `state/envs/${agent.project}-${agent.name}.env`);
}

/** Every directory of a team that files are put in place in. */
export const writtenDirectories = [
  'state',
  'state/envs',
  'state/mcp',
  'state/muster',
  'state/muster/args',
  'bin',
] as const;

/** Rust's `Path::join`, which never normalises: the joined text is hashed, so `./roles/../r.md` has to stay as it is. */
export function joinAsWritten(left: string, right: string): string {
  if (right.startsWith('/') || left === '') return right;
  return left.endsWith('/') ? left + right : `${left}/${right}`;
}

export function mailboxPath(team: Team): string {
  return joinAsWritten(team.root, team.brokerPath);
}

export function rolePromptPath(team: Team, agent: Agent): string | undefined {
  return agent.rolePrompt === undefined ? undefined : joinAsWritten(team.root, agent.rolePrompt);
}
