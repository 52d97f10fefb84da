import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AgentSpec } from '../team/agent-spec.ts';

/** What launchd knows an agent by, and where its files are. */
export interface Job {
  readonly label: string;
  readonly plist: string;
  /** All that the agent prints. */
  readonly log: string;
}

/** Labels of two agents differ, also where the file system takes upper for lower case, and so do those of one agent in two teams. */
export function jobOf(root: string, { project, agent }: Pick<AgentSpec, 'project' | 'agent'>): Job {
  const name = `muster.${shortHash(root)}.${safe(project)}.${safe(agent)}`;
  const label = /[A-Z]/.test(name) ? `${name}.${shortHash(name)}` : name;
  const folder = join(root, 'state', 'muster', 'launchd');
  return { label, plist: join(folder, `${label}.plist`), log: join(folder, `${label}.log`) };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Ids are safe as they are; those of a snapshot that somebody else wrote need not be. */
function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, (character) => `~${character.charCodeAt(0).toString(16)}~`);
}
