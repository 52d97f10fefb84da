import type { AgentSpec } from '../team/agent-spec.ts';

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

/** A command line that systemd splits into exactly these words. */
export function commandText(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  const escaped = escapeSpecifiers(word)
    .replaceAll('$', '$$$$')
    .replace(/[\\"]/g, '\\$&')
    .replace(
      /[\x01-\x1f\x7f]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  return `"${escaped}"`;
}

function escapeSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}
