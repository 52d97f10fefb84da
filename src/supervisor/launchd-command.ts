import { runInTime } from './run-in-time.ts';

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
    const ran = await runInTime('launchctl', args, { env, limitMs, verb: `launchctl ${args[0]}` });
    if (ran.kind !== 'failed') return ran;
    return { kind: 'refused', code: ran.code, reason: ran.reason.replaceAll('\n', ' ') };
  };
}
