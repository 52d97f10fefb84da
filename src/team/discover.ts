import { realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Says what was looked for, where, and how to mend it. */
export class TeamNotFoundError extends Error {
  override readonly name = 'TeamNotFoundError';
}

export interface Whereabouts {
  /** The team's root itself, not its parent. */
  readonly root?: string | undefined;
  /** `TEAMCTL_ROOT` is the only variable looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * The directory that holds `team-compose.yaml`, found as teamctl finds it: `root`, else `TEAMCTL_ROOT`, else the nearest
 * `.team/` upwards. Canonical, because the text of the path is part of every rendered file.
 */
export function findTeamRoot({ root, env, cwd }: Whereabouts): string {
  if (root !== undefined && root !== '') return givenRoot(root, 'the root that was given');
  if (env.TEAMCTL_ROOT) return givenRoot(env.TEAMCTL_ROOT, 'TEAMCTL_ROOT');
  return nearestRoot(cwd);
}

function givenRoot(path: string, source: string): string {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    throw new TeamNotFoundError(
      `${source} is ${path}, which cannot be opened (${(error as NodeJS.ErrnoException).code}). Set it to the directory that holds team-compose.yaml.`,
      { cause: error },
    );
  }
  if (!isFile(join(real, 'team-compose.yaml')) && isFile(join(real, '.team/team-compose.yaml'))) {
    throw new TeamNotFoundError(
      `${source} is ${path}, which holds no team-compose.yaml. Set it to ${join(path, '.team')}.`,
    );
  }
  return real;
}

function nearestRoot(cwd: string): string {
  let directory = realpathSync(cwd);
  for (;;) {
    const candidate = join(directory, '.team');
    if (isFile(join(candidate, 'team-compose.yaml'))) return realpathSync(candidate);
    const parent = dirname(directory);
    if (parent === directory) break;
    directory = parent;
  }
  throw new TeamNotFoundError(
    `There is no .team/team-compose.yaml in ${cwd} or in any directory above it. Start in the team's repository, or set TEAM_ROOT (or TEAMCTL_ROOT) to the directory that holds team-compose.yaml.`,
  );
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
