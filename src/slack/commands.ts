import type { Command } from './command.ts';
import { down } from './commands/down.ts';
import { drain } from './commands/drain.ts';
import { help } from './commands/help.ts';
import { history } from './commands/history.ts';
import { logs } from './commands/logs.ts';
import { mute } from './commands/mute.ts';
import { reload } from './commands/reload.ts';
import { restart } from './commands/restart.ts';
import { status } from './commands/status.ts';
import { unmute } from './commands/unmute.ts';
import { up } from './commands/up.ts';
import { why } from './commands/why.ts';

/** Every sub-command. A new one: its file in `commands/`, and its line here. */
export const commands: readonly Command[] = [
  help,
  status,
  up,
  reload,
  drain,
  restart,
  down,
  logs,
  why,
  history,
  mute,
  unmute,
];
