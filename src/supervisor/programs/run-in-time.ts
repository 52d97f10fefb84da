export type Ran =
  | { readonly kind: 'done'; readonly output: string }
  /** It ran, and said no. */
  | { readonly kind: 'failed'; readonly code: number; readonly reason: string }
  /** It could not be run, or did not answer. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Running {
  readonly limitMs: number;
  /** What the reasons begin with, such as `tmux list-panes`. */
  readonly verb: string;
}

/** Runs a program, and waits for it no longer than that. */
export type Run = (program: string, args: readonly string[], running: Running) => Promise<Ran>;

/** Runs a program with this environment alone, and waits for it no longer than that. */
export async function runInTime(
  program: string,
  args: readonly string[],
  { env, limitMs, verb }: Running & { readonly env: Readonly<Record<string, string | undefined>> },
): Promise<Ran> {
  const { execa } = await import('execa');
  // `cleanup` costs each start more than all else here, for programs that end by themselves.
  const client = execa(program, args, {
    ...{ env, extendEnv: false, stdin: 'ignore', reject: false },
    cleanup: false,
  });
  // A hung server may hold our pipes, handed to it by the client, open for ever: killing the client alone would not end the wait.
  let isTooLate = false;
  const timer = setTimeout(() => {
    isTooLate = true;
    client.kill('SIGKILL');
    client.stdout.destroy();
    client.stderr.destroy();
  }, limitMs);
  const result = await client;
  clearTimeout(timer);
  if (isTooLate) return { kind: 'unknown', reason: `${verb} did not answer within ${limitMs / 1000} s` };
  if (!result.failed) return { kind: 'done', output: result.stdout };
  if (result.exitCode !== undefined) {
    const words = result.stderr.trim() || `exit code ${result.exitCode}`;
    return { kind: 'failed', code: result.exitCode, reason: `${verb}: ${words}` };
  }
  if (result.code === 'ENOENT') {
    return { kind: 'unknown', reason: `${verb}: there is no ${program} on the PATH` };
  }
  return { kind: 'unknown', reason: `${verb}: ${result.originalMessage ?? result.shortMessage}` };
}
