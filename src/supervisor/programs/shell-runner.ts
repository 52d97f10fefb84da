import type { Environment } from './environment.ts';
import type { Ran, Run } from './run-in-time.ts';
import { type Answer, type Shell, startShell } from './shell.ts';

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

/** As a shell tells it: 126 or 127 for what it could not run, above 128 for what a signal has ended. */
function ranOf({ code, output, complaint }: Answer, program: string, verb: string): Ran {
  if (code === 0) return { kind: 'done', output };
  const isMissing = code === 127 && complaint.endsWith('not found');
  const words = isMissing ? `there is no ${program} on the PATH` : complaint || `exit code ${code}`;
  const reason = `${verb}: ${words}`;
  return code >= 126 ? { kind: 'unknown', reason } : { kind: 'failed', code, reason };
}

function remove<T>(list: T[], one: T): void {
  const index = list.indexOf(one);
  if (index >= 0) list.splice(index, 1);
}
