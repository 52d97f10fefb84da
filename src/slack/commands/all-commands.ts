import type { Command } from './command.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { logs } from './logs.ts';
import { mute, unmute } from './mute.ts';
import { down, drain, reload, restart, up } from './operation-commands.ts';
import { status } from './status.ts';
import { why } from './why.ts';

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
