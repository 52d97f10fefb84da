import { randomBytes } from 'node:crypto';
import { execa } from 'execa';
import { type Environment, type Tmux, type TmuxAnswer, toArguments } from './tmux-command.ts';
import { type ControlListener, createControlReader } from './tmux-control-lines.ts';
import { privatePrefix } from './tmux-panes.ts';

/** A client in control mode: it is told what happens in one server, and its questions cost no process. */
export interface ControlClient {
  readonly ask: Tmux;
  close(): Promise<void>;
}

export interface ControlOptions extends Pick<ControlListener, 'onWindowClosed' | 'onWindowsChanged'> {
  readonly env: Environment;
  readonly timeoutMs: number;
  /** The client or its server has ended, on order or not. */
  readonly onEnd: () => void;
}

const closesWithinMs = 1000;

/**
 * Opens a client in a private session of the server that runs, or gives nothing if there is none or it does not answer.
 * `-N`: it never starts a server. The session goes with the client, however that ends, and whoever holds the client closes it
 * when nothing else runs, so that the server can end.
 */
export async function openControl(options: ControlOptions): Promise<ControlClient | undefined> {
  const name = `${privatePrefix}${process.pid}-${randomBytes(4).toString('hex')}`;
  const target = `=${name}:`;
  const waiting: ((answer: TmuxAnswer) => void)[] = [];
  const attached = Promise.withResolvers<string | undefined>();
  let hasEnded = false;

  const child = execa('tmux', ['-u', '-N', '-C', ...toArguments(openingCommands(name, target))], {
    env: options.env,
    extendEnv: false,
    stdin: 'pipe',
    stderr: 'ignore',
    buffer: false,
    reject: false,
  });
  // What cannot be written was written to a client that has ended, which is told below.
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on(
    'data',
    createControlReader({
      ...options,
      onAttached: (session) => attached.resolve(session),
      onReply: ({ isError, output }) =>
        waiting.shift()?.(isError ? { kind: 'refused', reason: output } : { kind: 'done', output }),
    }),
  );
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      if (hasEnded) return;
      hasEnded = true;
      attached.resolve(undefined);
      // A hung server may hold the other end of our pipes for ever.
      child.stdin.destroy();
      child.stdout.destroy();
      for (const answer of waiting.splice(0)) {
        answer({ kind: 'unknown', reason: 'the tmux client in control mode has ended' });
      }
      options.onEnd();
      resolve();
    };
    child.nodeChildProcess.once('exit', end);
    // One that could not be started at all never exits.
    child.then(end, end);
  });

  const timer = setTimeout(() => attached.resolve(undefined), options.timeoutMs);
  const session = await attached.promise;
  clearTimeout(timer);
  if (session === name) return { ask, close };
  await close();
  return undefined;

  async function ask(
    commands: readonly (readonly string[])[],
    limitMs = options.timeoutMs,
  ): Promise<TmuxAnswer> {
    let output = '';
    for (const command of commands) {
      const answer = await askOne(command, limitMs);
      if (answer.kind !== 'done') return answer;
      output += answer.output;
    }
    return { kind: 'done', output };
  }

  /** A client whose server leaves a question open is of no more use: what it would say later is out of date. */
  function askOne(command: readonly string[], limitMs: number): Promise<TmuxAnswer> {
    const verb = `tmux ${command[0]}`;
    if (hasEnded) {
      return Promise.resolve({ kind: 'unknown', reason: `${verb}: the client in control mode has ended` });
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve({ kind: 'unknown', reason: `${verb} did not answer within ${limitMs / 1000} s` });
        child.kill('SIGKILL');
      }, limitMs);
      waiting.push((answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      child.stdin.write(`${toLine(command)}\n`);
    });
  }

  async function close(): Promise<void> {
    if (!hasEnded) child.stdin.end(`${toLine(['kill-session', '-t', target])}\n`);
    const timer = setTimeout(() => child.kill('SIGKILL'), closesWithinMs);
    await ended;
    clearTimeout(timer);
  }
}

function openingCommands(name: string, target: string): readonly (readonly string[])[] {
  return [
    // `cat` waits for a terminal that nobody types into.
    ['new-session', '-s', name, '-c', '/', '--', 'cat', '-'],
    ['set-option', '-t', target, 'destroy-unattached', 'on'],
    ['set-option', '-t', target, 'detach-on-destroy', 'on'],
    ['refresh-client', '-f', 'no-output'],
  ];
}

/** In single quotes nothing means anything to tmux. */
function toLine(command: readonly string[]): string {
  return command.map((argument) => `'${argument.replaceAll("'", "'\\''")}'`).join(' ');
}
