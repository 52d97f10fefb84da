import type { AgentId } from '../../domain/agent.ts';
import { readRegular } from '../bounded-read.ts';
import { LARGEST_FILE_BYTES } from '../files/yaml-document.ts';
import { joinAsWritten } from '../names.ts';
import type { Agent, Team } from '../team.ts';
import { wrapperToBe } from '../wrapper.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import type { Snapshot } from './snapshot.ts';

/** What an agent runs on besides its own files; teamctl's snapshot has no room for it. */
export interface StartedWith {
  readonly supervisor: string;
  /** Empty if it cannot be read. */
  readonly wrapper: Fingerprint | '';
  readonly runtime: string;
  /** Of `runtimes/<runtime>.yaml`; empty if there is none. */
  readonly runtimeFile: Fingerprint | '';
}

/** The snapshot names one back-end for all; of an agent that moved while others did not, Muster knows better. */
export function startedOn(
  id: AgentId,
  { global }: Pick<Snapshot, 'global'>,
  startedWith: ReadonlyMap<AgentId, StartedWith> | undefined,
): string {
  return startedWith?.get(id)?.supervisor ?? global.supervisor_type;
}

/** What this agent would be started with now. */
export type StartsWith = (agent: Agent) => StartedWith;

/** Reads the wrapper and the runtimes' files once for all agents. */
export async function readStartsWith(team: Team): Promise<StartsWith> {
  const text = await wrapperToBe(team.root);
  const wrapper = text === undefined ? '' : fingerprint(text);
  const files = await Promise.all(
    [...team.runtimes.keys()].map(async (name) => {
      const path = joinAsWritten(team.root, `runtimes/${name}.yaml`);
      const read = await readRegular(path, LARGEST_FILE_BYTES, 'followed').catch(() => undefined);
      return [name, read === undefined ? ('' as const) : fingerprint(read.bytes)] as const;
    }),
  );
  const runtimeFiles = new Map(files);
  return ({ runtime }) => ({
    supervisor: team.supervisorType,
    wrapper,
    runtime,
    runtimeFile: runtimeFiles.get(runtime) ?? '',
  });
}

/** Agents that others started are not known well enough to tell. Another runtime is a change of the env file. */
export function foundationChanges(before: StartedWith | undefined, now: StartedWith | undefined): string[] {
  if (before === undefined || now === undefined) return [];
  const hasUnread = before.wrapper === '' || now.wrapper === '';
  const hasOtherFile = before.runtime === now.runtime && before.runtimeFile !== now.runtimeFile;
  return [
    ...(before.wrapper === now.wrapper || hasUnread ? [] : ['wrapper changed']),
    ...(hasOtherFile ? ['runtime file changed'] : []),
  ];
}
