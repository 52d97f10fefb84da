import type { Environment } from './tmux-command.ts';

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
