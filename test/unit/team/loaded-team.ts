import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { describeComplaint } from '../../../src/team/files/complaint.ts';
import { type LoadResult, loadTeam } from '../../../src/team/files/load.ts';
import type { Team } from '../../../src/team/team.ts';
import { type TeamTree, writeTeamTree } from '../../fakes/team/team-tree.ts';

const supervisorTypes = ['tmux', 'systemd', 'launchd'];
/** An empty directory that lives as long as the unit tests. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(inject('unitDirectory'), 'dir-'));
}

/** Writes the tree where nothing else is and loads it. */
export async function load(tree: TeamTree): Promise<LoadResult> {
  return loadTeam(writeTeamTree(temporaryDirectory(), tree), { supervisorTypes });
}

export async function loadOk(tree: TeamTree): Promise<Team> {
  return loaded(await load(tree));
}

export function loaded(result: LoadResult): Team {
  if (result.kind === 'refused') throw new Error(result.complaints.map(describeComplaint).join('\n'));
  return result.team;
}

/** The complaints as people read them; none if the team loads. */
export async function complaintsOf(tree: TeamTree): Promise<readonly string[]> {
  const result = await load(tree);
  return result.kind === 'refused' ? result.complaints.map(describeComplaint) : [];
}

/** The warnings as people read them, but for directories and prompts that are not there. */
export async function warningsOf(tree: TeamTree): Promise<readonly string[]> {
  const { warnings } = await load(tree);
  return warnings.map(describeComplaint).filter((line) => !line.includes('which is not there'));
}

/** A project that loads, with these lines about its agents. */
export function project(agents = 'workers:\n  pay:\n', id = 'shop'): string {
  return `version: 2\nproject: { id: ${id}, name: Shop, cwd: . }\n${agents}`;
}
