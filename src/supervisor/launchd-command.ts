import { execa } from 'execa';

export type LaunchctlAnswer =
  | { readonly kind: 'done'; readonly output: string }
  /** launchd said no. */
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string }
  /** launchd could not be asked. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type Launchctl = (args: readonly string[], timeoutMs?: number) => Promise<LaunchctlAnswer>;

/** Exit codes of launchctl that have a meaning for us; most are errno's. */
export const launchctlCode = {
  noSuchProcess: 3,
  /** Also: the label is there already, or has not quite gone yet. */
  inputOutput: 5,
  /** It is being done, and takes a while. */
  inProgress: 36,
  already: 37,
  noSuchDomain: 112,
  noSuchService: 113,
  domainUnsupported: 125,
} as const;

/** The one door to launchctl. `env` decides where it is found. */
export function createLaunchctl(
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
): Launchctl {
  return async (args, limitMs = timeoutMs) => {
    const verb = `launchctl ${args[0]}`;
    const result = await execa('launchctl', args, {
      env,
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    if (!result.failed) return { kind: 'done', output: result.stdout };
    if (result.timedOut)
      return { kind: 'unknown', reason: `${verb} did not answer within ${limitMs / 1000} s` };
    if (result.code === 'ENOENT')
      return { kind: 'unknown', reason: `${verb}: there is no launchctl on the PATH` };
    if (result.exitCode === undefined)
      return { kind: 'unknown', reason: `${verb}: ${result.originalMessage}` };
    const words = result.stderr.trim().replaceAll('\n', ' ') || `exit code ${result.exitCode}`;
    return { kind: 'refused', code: result.exitCode, reason: `${verb}: ${words}` };
  };
}
