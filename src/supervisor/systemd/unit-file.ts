import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentSpec } from '../../domain/agent.ts';
import type { Environment } from '../programs/environment.ts';
import { commandText, escapeSpecifiers } from './unit-text.ts';

/** What systemd says to the service it starts, and what belongs to a terminal that the agent is not in. */
const notTheirs =
  /^(INVOCATION_ID|JOURNAL_STREAM|NOTIFY_SOCKET|MANAGERPID|SYSTEMD_.*|LISTEN_.*|WATCHDOG_.*|CREDENTIALS_DIRECTORY|MAINPID|EXIT_CODE|EXIT_STATUS|SERVICE_RESULT|TMUX|TMUX_PANE|TERM|COLUMNS|LINES|PWD|OLDPWD|SHLVL|_)$/;

/** For `EnvironmentFile=`: the environment an agent starts with, before its own env file is laid over it. */
export function environmentText(env: Environment): string {
  const lines = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !notTheirs.test(name)
      ? [`${name}="${value.replace(/["\\`$]/g, '\\$&')}"`]
      : [],
  );
  return [...lines, 'TERM="xterm-256color"', ''].join('\n');
}

/** Where the units lie: all of it goes away with a reboot, as do the agents. */
export function unitDirectory(manager: Manager, userRuntimeDirectory: string): string {
  return manager === 'user' ? join(userRuntimeDirectory, 'systemd', 'user') : '/run/systemd/system';
}

export interface UnitFiles {
  readonly environmentFile: (unitName: string) => string;
  /** True if systemd has to read them again. */
  write(unitName: string, unit: string, environment: string): Promise<boolean>;
  /** Lays another budget over that of the unit. */
  writeBudget(unitName: string, text: string): Promise<void>;
  remove(unitName: string): Promise<void>;
}

export function unitFilesIn(directory: string): UnitFiles {
  const unitFile = (unitName: string) => join(directory, unitName);
  const dropIns = (unitName: string) => join(directory, `${unitName}.d`);
  const environmentFile = (unitName: string) => join(directory, `${unitName}.env`);

  return {
    environmentFile,
    async write(unitName, unit, environment) {
      await mkdir(directory, { recursive: true });
      const hadBudget = await removeIfThere(dropIns(unitName));
      await replace(environmentFile(unitName), environment, 0o600);
      if ((await readIfThere(unitFile(unitName))) === unit) return hadBudget;
      await replace(unitFile(unitName), unit, 0o644);
      return true;
    },
    async writeBudget(unitName, text) {
      await mkdir(dropIns(unitName), { recursive: true });
      await replace(join(dropIns(unitName), 'budget.conf'), text, 0o644);
    },
    async remove(unitName) {
      for (const path of [dropIns(unitName), unitFile(unitName), environmentFile(unitName)]) {
        await rm(path, { recursive: true, force: true });
      }
    },
  };
}

let written = 0;

async function replace(path: string, text: string, mode: number): Promise<void> {
  written += 1;
  const temporary = `${path}.${process.pid}.${written}`;
  await writeFile(temporary, text, { mode });
  await chmod(temporary, mode);
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<boolean> {
  try {
    await rm(path, { recursive: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Which of a host's managers keeps the agents: the one of the user that Muster runs as, or the host's own. */
export type Manager = 'user' | 'system';

export interface UnitNames {
  /** No two agents have the same, whatever their tree, their user and their manager: a `.` is in no id. */
  unitOf(agent: Pick<AgentSpec, 'project' | 'agent'>): string;
  /** Matches the units of this tree and no others. */
  readonly pattern: string;
}

export function unitNames(root: string, manager: Manager, uid: number): UnitNames {
  const hash = createHash('sha256').update(`${manager}\0${uid}\0${root}`).digest('hex').slice(0, 10);
  return {
    unitOf: ({ project, agent }) => `muster-${hash}.${project}.${agent}.service`,
    pattern: `muster-${hash}.*.service`,
  };
}

export interface UnitSettings {
  readonly root: string;
  /** What the service runs: ours, or a test's. */
  readonly terminal: string;
  readonly launcher: string;
  readonly receipt: string;
  /** Absolute path of a file as `environmentText` writes it. */
  readonly environmentFile: string;
  readonly budgetMs: number;
  readonly restart: RestartSettings;
  /** For units of the host's manager: the user the agent runs as. */
  readonly user?: string;
}

/**
 * systemd keeps one pace and then gives up. `RestartSteps`, which slows it down, came with systemd 254, and counts every restart since
 * somebody last started the unit: an agent that dies once a day would end up waiting as long as one that dies at once.
 */
export interface RestartSettings {
  readonly delayMs: number;
  /** systemd gives up when the agent was started more often than `starts` times `withinMs`. */
  readonly starts: number;
  readonly withinMs: number;
}

/** The service of one agent. Nothing starts it but us: it has no [Install], and what it is about is gone after a reboot. */
export function unitText(agent: AgentSpec, settings: UnitSettings): string {
  const { terminal, launcher, receipt, root, restart } = settings;
  return `# Written by Muster for ${agent.id}; written anew at every start.
[Unit]
Description=Muster agent ${agent.id}
StartLimitIntervalSec=${timeSpan(restart.withinMs)}
StartLimitBurst=${restart.starts}

[Service]
Type=exec
ExecStart=${commandText(['/usr/bin/env', 'bash', terminal, agent.envFile, agent.wrapper, agent.id, launcher, agent.cwd])}
ExecStopPost=${commandText(['/bin/sh', receipt, root, agent.project, agent.agent])}
EnvironmentFile=${escapeSpecifiers(settings.environmentFile)}
${settings.user === undefined ? '' : `User=${escapeSpecifiers(settings.user)}\n`}Restart=always
RestartSec=${timeSpan(restart.delayMs)}
KillMode=mixed
KillSignal=SIGINT
SendSIGKILL=yes
TimeoutStopSec=${stopTimeout(settings.budgetMs)}
SuccessExitStatus=130 SIGINT
OOMPolicy=continue
StandardInput=null
StandardOutput=journal
StandardError=journal
SyslogIdentifier=muster-agent
`;
}

/** Lays another budget over the one of the unit; after a daemon-reload also over that of a stop under way. */
export function budgetText(budgetMs: number): string {
  return `# Written by Muster for one stop.\n[Service]\nTimeoutStopSec=${stopTimeout(budgetMs)}\n`;
}

/** systemd takes 0 for "wait for ever"; and what writes the receipt has only as long as the agent. */
const shortestTimeoutMs = 1000;

function stopTimeout(budgetMs: number): string {
  return timeSpan(Math.max(shortestTimeoutMs, Math.ceil(budgetMs)));
}

function timeSpan(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
