import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parse } from 'dotenv';
import type { AgentId } from '../../domain/agent.ts';
import type { Observation } from '../../domain/observation.ts';
import { readRoster } from '../../operations/plan/roster.ts';
import { readSettings, type SettingComplaint, type Settings, settingNames } from '../../settings.ts';
import { openTeamBackend } from '../../supervisor/backends.ts';
import { agentEnvironment } from '../../supervisor/programs/environment.ts';
import { atSocket } from '../../supervisor/tmux/socket.ts';
import { findTeamRoot, TeamNotFoundError } from '../../team/discover.ts';
import { createSlackQuestions, type SlackQuestions } from './ask-slack.ts';

/** What is said of a team's agents by the back-ends that they are on. */
export interface AgentsSeen {
  /** The one that the team asks for. */
  readonly type: string;
  readonly agents: ReadonlyMap<AgentId, Observation>;
  /** The one that each agent is on. */
  readonly backends: ReadonlyMap<AgentId, string>;
}

/** Asks as `/team status` would. Rejects for a back-end that this host cannot have. */
export async function observeAgents(root: string, { agentEnv: env }: Examined): Promise<AgentsSeen> {
  const { type, types, supervisor } = await openTeamBackend(root, env);
  const { agents } = await readRoster({ root, supervisorTypes: types, supervisor });
  return {
    type,
    agents: await supervisor.observe(agents.map(({ spec }) => spec)),
    backends: new Map(agents.map(({ id, spec }) => [id, spec.backend])),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvFile {
  readonly path: string;
  /** Absent: there is no such file, or it cannot be read. */
  readonly values?: Environment;
  /** The code of the error, where it cannot be read. */
  readonly unreadable?: string;
}

/** What the doctor looks at: the same things, found in the same way, that the bot would start with. */
export interface Examined {
  readonly envFile: EnvFile;
  /** What is set without `.env`; it wins over it. */
  readonly inherited: Environment;
  /** Both together. */
  readonly env: Environment;
  /** Those that are right. */
  readonly settings: Partial<Settings>;
  readonly complaints: readonly SettingComplaint[];
  readonly team: { readonly kind: 'found'; readonly root: string } | TeamMissing;
  readonly slack: SlackQuestions;
  /** What agents inherit. */
  readonly agentEnv: Environment;
  readonly uid: number;
}

interface TeamMissing {
  readonly kind: 'missing';
  readonly reason: string;
}

export function examine(inherited: Environment, directory: string): Examined {
  const envFile = readEnvFile(join(directory, '.env'));
  const env = { ...envFile.values, ...inherited };
  const read = readSettings(env);
  const { settings } = read;
  return {
    envFile,
    inherited,
    env,
    settings,
    complaints: read.kind === 'refused' ? read.complaints : [],
    team: findTeam(env, directory),
    slack: createSlackQuestions(settings),
    agentEnv: atSocket(agentEnvironment(env, settingNames), settings.TMUX_SOCKET),
    uid: process.getuid?.() ?? 0,
  };
}

function readEnvFile(path: string): EnvFile {
  try {
    return { path, values: parse(readFileSync(path)) };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { path } : { path, unreadable: code };
  }
}

function findTeam(env: Environment, cwd: string): Examined['team'] {
  try {
    return { kind: 'found', root: findTeamRoot({ root: env.TEAM_ROOT, env, cwd }) };
  } catch (error) {
    if (!(error instanceof TeamNotFoundError)) throw error;
    return { kind: 'missing', reason: error.message };
  }
}

/** Where Muster's own state lies, as far as it is known. */
export function stateDirectory({ settings, team }: Examined): string | undefined {
  return settings.MUSTER_STATE_DIR ?? (team.kind === 'found' ? join(team.root, 'state/muster') : undefined);
}
