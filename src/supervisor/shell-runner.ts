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

/**
 * Runs programs, with this environment alone, as children of a small shell of ours. Node starts a program by copying itself first,
 * and a bot of 130 MB stands still for several milliseconds each time; a shell is copied in a fraction of one. There are as many
 * shells as programs run at a time; they end with this process, keep it from nothing, and are in no group of its.
 */
export function createShellRunner(env: Environment): Run {
  const idle: Shell[] = [];

  return async (program, args, { limitMs, verb }) => {
    const shell = idle.pop() ?? startShell(env, (ended) => remove(idle, ended));
    const answer = await shell.run([program, ...args], limitMs);
    if (typeof answer === 'string') return { kind: 'unknown', reason: `${verb} ${answer}` };
    shell.rest(idle.length === 0 ? idleMs : furtherIdleMs);
    idle.push(shell);
    return ranOf(answer, program, verb);
  };
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

function startShell(env: Environment, onEnd: (shell: Shell) => void): Shell {
  const child = spawn('/bin/sh', ['-s', 'muster'], { env: { ...env }, detached: true });
  if (child.pid === undefined) return notStarted(child);
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
        kill();
        settle(`did not answer within ${limitMs / 1000} s`);
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
      onEnd(shell);
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

function notStarted(child: ChildProcess): Shell {
  const failed = once(child, 'error').then(([error]) => `could not be run: ${(error as Error).message}`);
  return { run: () => failed, rest: () => undefined };
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

function remove(shells: Shell[], ended: Shell): void {
  const index = shells.indexOf(ended);
  if (index >= 0) shells.splice(index, 1);
}
