import { basename } from 'node:path';
import { withEnvironmentPath } from '../programs/environment.ts';

/** `sh WRAPPER ID`, `sh LAUNCHER ENVFILE WRAPPER ID`, `sh WITH_ENVIRONMENT FILE sh LAUNCHER ...`, `sh -c "... WRAPPER ID"`, `env ... WRAPPER ID`. */
export function runsWrapper(argv: readonly string[], wrapper: string): boolean {
  if (argv.slice(0, 4).includes(wrapper)) return true;
  if ((basename(argv[0] ?? '') === 'env' || argv[1] === withEnvironmentPath) && argv.includes(wrapper))
    return true;
  return argv[1] === '-c' && (argv[2]?.includes(wrapper) ?? false);
}

/** The longest pause of our own wrapper; a longer `sleep` is somebody's work. */
const longestPauseSecs = 300;

export function isLoopSleep(argv: readonly string[]): boolean {
  return basename(argv[0] ?? '') === 'sleep' && argv.length === 2 && Number(argv[1]) <= longestPauseSecs;
}

/** What our wrapper's helper runs to confirm a question of the agent's. */
export function isHelpersProgram(argv: readonly string[]): boolean {
  return ['sleep', 'tmux', 'grep'].includes(basename(argv[0] ?? ''));
}

export function isRateLimitWatch(argv: readonly string[]): boolean {
  return basename(argv[0] ?? '') === 'teamctl' && argv.includes('rl-watch');
}
