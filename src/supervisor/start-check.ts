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
  await mustBeFile(agent, 'its env file', agent.envFile, constants.R_OK);
  await mustBeFile(agent, 'its wrapper', agent.wrapper, constants.X_OK);
}

/** From a pipe the launcher would read for ever, and the agent be taken to have started. */
async function mustBeFile(agent: AgentSpec, what: string, path: string, mode: number): Promise<void> {
  await access(path, mode).catch(missing(agent, what));
  const found = await stat(path).catch(missing(agent, what));
  if (found.isFile()) return;
  throw new SupervisorError(
    `cannot start ${agent.id}: ${what}, ${path}, is no regular file: put one in its place`,
  );
}

function missing(agent: AgentSpec, what: string): (cause: Error) => never {
  return (cause) => {
    throw new SupervisorError(`cannot start ${agent.id}: ${what}: ${cause.message}`, { cause });
  };
}
