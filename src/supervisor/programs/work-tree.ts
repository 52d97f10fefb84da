import { existsSync } from 'node:fs';
import type { WorkTree } from '../../domain/stop-record.ts';

const timeoutMs = 5000;

/**
 * Undefined where there is no git, no work tree, or no answer in time. Nobody's configuration but the work tree's own counts, so that
 * git refuses one that belongs to another user: its configuration may name programs to run.
 */
export async function readWorkTree(
  directory: string,
  path: string | undefined,
): Promise<WorkTree | undefined> {
  const env = { PATH: path, LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const { execa } = await import('execa');
  const deadline = AbortSignal.timeout(timeoutMs);

  async function git(...args: string[]): Promise<string | undefined> {
    const { failed, stdout } = await execa(
      'git',
      ['-c', 'core.fsmonitor=false', '--no-optional-locks', '-C', directory, ...args],
      {
        env,
        extendEnv: false,
        stdin: 'ignore',
        reject: false,
        cancelSignal: deadline,
        stripFinalNewline: true,
      },
    );
    return failed ? undefined : stdout;
  }

  const [lock, status] = await Promise.all([
    git('rev-parse', '--path-format=absolute', '--git-path', 'index.lock'),
    git('status', '--porcelain', '--ignore-submodules'),
  ]);
  if (lock === undefined || status === undefined) return undefined;
  return { uncommitted: status === '' ? 0 : status.split('\n').length, isLocked: existsSync(lock) };
}
