import { access, constants, stat } from 'node:fs/promises';
import type { AgentSpec } from '../team/agent-spec.ts';
import { SupervisorError } from './supervisor.ts';

/**
 * Looks at all that an agent needs before anything starts: tmux starts a program in another directory than the one it was told if that
 * one is missing, and launchd takes a job without a program and fails at every start of it.
 */
export async function checkSpec(agent: AgentSpec): Promise<void> {
  const cwd = await stat(agent.cwd).catch(missing(agent, 'its directory'));
  if (!cwd.isDirectory()) throw new SupervisorError(`cannot start ${agent.id}: ${agent.cwd} is no directory`);
  await access(agent.envFile, constants.R_OK).catch(missing(agent, 'its env file'));
  await access(agent.wrapper, constants.X_OK).catch(missing(agent, 'its wrapper'));
}

function missing(agent: AgentSpec, what: string): (cause: Error) => never {
  return (cause) => {
    throw new SupervisorError(`cannot start ${agent.id}: ${what}: ${cause.message}`, { cause });
  };
}
