import { type SlackVerb, verbsIn } from '../../language/verbs.ts';
import type { Command, RunCommand } from './command.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { logs } from './logs.ts';
import { mute, unmute } from './mute.ts';
import { down, drain, reload, restart, up } from './operation-commands.ts';
import { status } from './status.ts';
import { why } from './why.ts';

const runs: { readonly [Name in SlackVerb]: RunCommand } = {
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
};

/** Every sub-command of `/team`, in the order of the table. */
export const commands: readonly Command[] = verbsIn('slack').map((verb) => ({
  ...verb,
  run: runs[verb.name as SlackVerb],
}));
