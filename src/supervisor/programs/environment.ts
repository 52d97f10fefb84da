import { basename, delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What npm and Node put into the environment of a script, and Slack's settings by their prefix. */
const ours = /^(SLACK_|npm_)|^(INIT_CWD|NODE|NODE_OPTIONS|NODE_CHANNEL_FD|NODE_UNIQUE_ID)$/i;

/** What systemd tells a service about itself; `NOTIFY_SOCKET` would let an agent speak for the bot. */
const ourService =
  /^(INVOCATION_ID|JOURNAL_STREAM|NOTIFY_SOCKET|SYSTEMD_EXEC_PID|MAINPID|MANAGERPID|(LISTEN|WATCHDOG|MEMORY_PRESSURE)_[A-Z]+|(CREDENTIALS|RUNTIME|STATE|CACHE|LOGS|CONFIGURATION)_DIRECTORY)$/;

/**
 * The environment for agents, and for a tmux server that has to be started: what the bot inherited, without the bot's own secrets
 * and settings, and without the directories by which npm would put our Node before the host's.
 */
export function agentEnvironment(env: Environment, secretNames: readonly string[]): Record<string, string> {
  const hidden = new Set<string>([...secretNames, ...renderedNames]);
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !hidden.has(entry[0]) && !ours.test(entry[0]) && !ourService.test(entry[0]),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, name === 'PATH' ? withoutNpm(value) : value]));
}

function withoutNpm(path: string): string {
  return path
    .split(delimiter)
    .filter((directory) => !isNpms(directory))
    .join(delimiter);
}

function isNpms(directory: string): boolean {
  const parts = directory.split(/[/\\]/);
  return basename(directory) === 'node-gyp-bin' || parts.includes('node_modules');
}

export const withEnvironmentPath = fileURLToPath(new URL('./with-environment.sh', import.meta.url));

/** Rendered for some agents and not for others: what is not in an agent's env file must not come from somewhere else. */
export const renderedNames = [
  'AGENT_ID',
  'PROJECT_ID',
  'RUNTIME',
  'MODEL',
  'PERMISSION_MODE',
  'EFFORT',
  'TEAMCTL_MAILBOX',
  'MCP_CONFIG',
  'SYSTEM_PROMPT_PATH',
  'CLAUDE_PROJECT_DIR',
  'TEAMCTL_ROOT',
  'TMUX_SESSION',
] as const;

export type Environment = Readonly<Record<string, string | undefined>>;
