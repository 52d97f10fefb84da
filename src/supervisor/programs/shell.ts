import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import process from 'node:process';
import type { Environment } from './environment.ts';

export interface Answer {
  readonly code: number;
  readonly output: string;
  readonly complaint: string;
}

export interface Shell {
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

/** A shell with this environment alone, in a group of its own, that ends with this process and keeps it from nothing. */
export function startShell(env: Environment, { onRest, onEnd }: ShellNews): Shell {
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

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
