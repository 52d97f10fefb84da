import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import process from 'node:process';
import type { Ran, Run } from './run-in-time.ts';
import type { Environment } from './tmux-command.ts';

/** The last idle shell ends after that: no sooner than the watch has its next question. */
const idleMs = 20_000;
const furtherIdleMs = 1000;
/** What tmux is asked it does one after the other, and a shell costs as much to start as a dozen questions. */
const mostShells = 8;

/**
 * Runs programs, with this environment alone, as children of a small shell of ours. Node starts a program by copying itself first,
 * and a bot of 130 MB stands still for several milliseconds each time; a shell is copied in a fraction of one. There are as many
 * shells as programs run at a time, and no more than eight; they end with this process, keep it from nothing, and are in no group of
 * its. What waits for a shell waits within its own time.
 */
export function createShellRunner(env: Environment): Run {
  const idle: Shell[] = [];
  const waiting: ((shell: Shell) => void)[] = [];
  let shells = 0;

  return async (program, args, { limitMs, verb }) => {
    const late = `${verb} did not answer within ${limitMs / 1000} s`;
    const until = performance.now() + limitMs;
    const shell = free() ?? (await nextWithin(limitMs));
    if (shell === undefined) return { kind: 'unknown', reason: late };
    const answer = await shell.run([program, ...args], until - performance.now());
    if (answer === 'late') return { kind: 'unknown', reason: late };
    if (typeof answer === 'string') return { kind: 'unknown', reason: `${verb} ${answer}` };
    shell.rest(idle.length === 0 ? idleMs : furtherIdleMs);
    idle.push(shell);
    serve();
    return ranOf(answer, program, verb);
  };

  function free(): Shell | undefined {
    const shell = idle.pop();
    if (shell !== undefined || shells === mostShells) return shell;
    shells += 1;
    return startShell(env, {
      onRest: (rested) => remove(idle, rested),
      onEnd(ended) {
        remove(idle, ended);
        shells -= 1;
        serve();
      },
    });
  }

  function serve(): void {
    while (waiting.length > 0) {
      const shell = free();
      if (shell === undefined) return;
      waiting.shift()?.(shell);
    }
  }

  function nextWithin(limitMs: number): Promise<Shell | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        remove(waiting, take);
        resolve(undefined);
      }, limitMs);
      waiting.push(take);

      function take(shell: Shell): void {
        clearTimeout(timer);
        resolve(shell);
      }
    });
  }
}

interface Answer {
  readonly code: number;
  readonly output: string;
  readonly complaint: string;
}

interface Shell {
  /** One at a time. Instead of an answer, why there is none; the shell is of no more use then. */
  run(words: readonly string[], limitMs: number): Promise<Answer | string>;
  /** Ends the shell if nothing is to be run for that long. */
  rest(forMs: number): void;
}

interface ShellNews {
  /** It is not to be used any more, and ends. */
  onRest(shell: Shell): void;
  /** Once. */
  onEnd(shell: Shell): void;
}

function startShell(env: Environment, { onRest, onEnd }: ShellNews): Shell {
  const child = spawn('/bin/sh', ['-s', 'muster'], { env: { ...env }, detached: true });
  if (child.pid === undefined) return notStarted(child, onEnd);
  const { pid, stdin, stdout, stderr } = child;
  const handles = [child, stdin as Socket, stdout as Socket, stderr as Socket];
  let hasEnded = false;
  let onProgress = () => {};
  let output = '';
  let complaint = '';
  let idleTimer: NodeJS.Timeout | undefined;
  stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    onProgress();
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
    onProgress();
  });
  // What is written to a shell that has just ended is told by its end.
  stdin.on('error', () => undefined);
  child.on('exit', end);
  const shell: Shell = { run, rest };
  return shell;

  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(idleTimer);
    onEnd(shell);
    onProgress();
  }

  async function run(words: readonly string[], limitMs: number): Promise<Answer | string> {
    clearTimeout(idleTimer);
    for (const handle of handles) handle.ref();
    const mark = randomUUID();
    output = '';
    complaint = '';
    stdin.write(
      `${words.map(quoted).join(' ')} </dev/null\nprintf '\\n%s %s\\n' ${mark} $?\nprintf '\\n%s\\n' ${mark} >&2\n`,
    );
    const answer = await new Promise<Answer | string>((resolve) => {
      const timer = setTimeout(() => {
        settle('late');
        kill();
      }, limitMs);
      onProgress = () => {
        const answered = answerIn(mark) ?? (hasEnded ? 'was run by a shell that has ended' : undefined);
        if (answered !== undefined) settle(answered);
      };
      onProgress();

      function settle(settled: Answer | string): void {
        clearTimeout(timer);
        onProgress = () => {};
        resolve(settled);
      }
    });
    for (const handle of handles) handle.unref();
    return answer;
  }

  function rest(forMs: number): void {
    idleTimer = setTimeout(() => {
      onRest(shell);
      stdin.end();
    }, forMs).unref();
  }

  /** With what it runs. A hung server may hold the pipes, handed to it by its client, open for ever. */
  function kill(): void {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    end();
  }

  function answerIn(mark: string): Answer | undefined {
    const outputEnd = output.lastIndexOf(`\n${mark} `);
    const complaintEnd = complaint.lastIndexOf(`\n${mark}\n`);
    if (outputEnd < 0 || complaintEnd < 0 || !output.endsWith('\n')) return undefined;
    return {
      code: Number(output.slice(outputEnd + mark.length + 2)),
      output: output.slice(0, outputEnd).replace(/\n$/, ''),
      complaint: complaint.slice(0, complaintEnd).trim(),
    };
  }
}

function notStarted(child: ChildProcess, onEnd: ShellNews['onEnd']): Shell {
  const shell: Shell = { run: () => failed, rest: () => undefined };
  const failed = once(child, 'error').then(([error]) => {
    onEnd(shell);
    return `could not be run: ${(error as Error).message}`;
  });
  return shell;
}

/** As a shell tells it: 126 or 127 for what it could not run, above 128 for what a signal has ended. */
function ranOf({ code, output, complaint }: Answer, program: string, verb: string): Ran {
  if (code === 0) return { kind: 'done', output };
  const isMissing = code === 127 && complaint.endsWith('not found');
  const words = isMissing ? `there is no ${program} on the PATH` : complaint || `exit code ${code}`;
  const reason = `${verb}: ${words}`;
  return code >= 126 ? { kind: 'unknown', reason } : { kind: 'failed', code, reason };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function remove<T>(list: T[], one: T): void {
  const index = list.indexOf(one);
  if (index >= 0) list.splice(index, 1);
}
