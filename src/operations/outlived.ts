import type { Observation } from '../supervisor/supervisor.ts';

/** What is to be said of an agent that has outlived its session; nothing of any other. */
export function outlivedWords(seen: Observation | undefined): string | undefined {
  if (seen?.state !== 'running' || !seen.outlived) return undefined;
  return `pid ${seen.incarnation.pid} has outlived its session`;
}

/** Why nothing is started beside it, and what one can do: the same words in a status and in a plan. */
export function outlivedObstacle(seen: Observation | undefined): string | undefined {
  const words = outlivedWords(seen);
  return words && `${words}: drain ends it, restart ends it and starts it anew`;
}
