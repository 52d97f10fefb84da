import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { readRegular } from './bounded-read.ts';

export interface TeamMcpSources {
  /** `TEAMCTL_TEAM_MCP` and `PATH` are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly root: string;
}

const longestMcpFile = 1024 * 1024;

const mcpFile = z.object({ mcpServers: z.object({ team: z.object({ command: z.string() }) }) });

/**
 * The `team-mcp` command teamctl would write. It looks beside its own program, which we have not: what it wrote before
 * comes closest, then what lies beside the teamctl on the PATH.
 */
export async function resolveTeamMcp({ env, root }: TeamMcpSources): Promise<string> {
  return (
    env.TEAMCTL_TEAM_MCP ??
    (await writtenBefore(join(root, 'state/mcp'))) ??
    (await besideTeamctl(env.PATH)) ??
    'team-mcp'
  );
}

async function writtenBefore(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
    try {
      const read = await readRegular(join(directory, name), longestMcpFile, 'refused');
      const parsed = mcpFile.safeParse(JSON.parse(read?.bytes.toString('utf8') ?? ''));
      if (parsed.success) return parsed.data.mcpServers.team.command;
    } catch {
      // Not readable, not JSON: the next one may be.
    }
  }
  return undefined;
}

async function besideTeamctl(path = ''): Promise<string | undefined> {
  for (const directory of path.split(':').filter((entry) => entry !== '')) {
    const program = await realpath(join(directory, 'teamctl')).catch(() => undefined);
    if (program === undefined) continue;
    const sibling = join(dirname(program), 'team-mcp');
    const found = await stat(sibling).catch(() => undefined);
    return found?.isFile() === true ? sibling : undefined;
  }
  return undefined;
}
