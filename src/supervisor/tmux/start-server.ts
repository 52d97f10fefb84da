import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { type Manager, managerForOthers } from '../programs/own-service.ts';
import { handEnvironment } from './hand-environment.ts';
import { createTmux, type Tmux, type TmuxAnswer, type TmuxOptions } from './tmux.ts';

export interface OutlastingOptions extends TmuxOptions {
  readonly root: string;
  /** Whom to ask for a service; default: who keeps ours. */
  readonly manager?: Manager | undefined;
}

/**
 * The same tmux, but a server it has to start does not end with the service that we are: the manager starts it as a service of
 * its own. Not as a scope, which would inherit our restrictions, `NoNewPrivileges` among them.
 */
export function createOutlastingTmux(tmux: Tmux, options: OutlastingOptions): Tmux {
  const manager = options.manager ?? managerForOthers(options.env.XDG_RUNTIME_DIR);
  if (manager === undefined) return tmux;
  const service = asService(manager);
  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other: of several that find no server only the first may start one. */
  return (commands, limitMs) => {
    const answer = turn.then(() => run(commands, limitMs));
    turn = answer.catch(() => {});
    return answer;
  };

  async function run(commands: Parameters<Tmux>[0], limitMs: number | undefined): Promise<TmuxAnswer> {
    const { kind } = await tmux([['list-sessions', '-F', '']], limitMs);
    if (kind !== 'absent') return tmux(commands, limitMs);
    const handed = await handEnvironment(options.root, options.env);
    try {
      const inside = options.env.TMUX ? [`TMUX=${options.env.TMUX}`] : [];
      const env = { XDG_RUNTIME_DIR: `/run/user/${process.getuid?.()}`, ...options.env };
      const throughManager = createTmux({
        ...options,
        env,
        through: (command) => [
          ...service,
          `--unit=muster-tmux-${randomUUID()}`,
          '--',
          ...['/usr/bin/env', '-i', ...inside, ...handed.prefix, ...command].map(withoutVariables),
        ],
      });
      return await throughManager(commands, limitMs);
    } finally {
      await handed.drop();
    }
  }
}

/** `OOMPolicy`: one agent that eats too much must not take the others with it. `KillMode`: nor must the end of the server anything that outlives it. */
function asService(manager: Manager): readonly string[] {
  return [
    'systemd-run',
    ...(manager === 'user' ? ['--user'] : []),
    ...['--quiet', '--collect', '--same-dir', '--service-type=forking'],
    '--description=tmux server of the agents',
    ...['--property=KillMode=process', '--property=OOMPolicy=continue', '--property=TasksMax=infinity'],
  ];
}

/** In the words of a service `$` stands for a variable. */
function withoutVariables(word: string): string {
  return word.replaceAll('$', '$$$$');
}
