import type { Observation } from '../domain/observation.ts';
import type { AgentStatus, CrashLoop, WatchedAgent } from '../domain/status.ts';

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

/** `left down` is stopped on purpose: no trouble. */
export type StateWord = 'unknown' | 'restarting' | 'stopped' | 'left down' | 'running';

export function stateWord({ seen, wantedDown }: AgentStatus): StateWord {
  if (seen.state !== 'stopped') return seen.state;
  if (seen.restarting) return 'restarting';
  return wantedDown === undefined ? 'stopped' : 'left down';
}

/** What a person has to look at comes first; 0: nothing. */
export function trouble(agent: WatchedAgent): number {
  const { seen, inTeam, loop } = agent;
  const word = stateWord(agent);
  if (seen.state === 'stopped' && seen.gaveUp !== undefined) return 6;
  if (loop !== undefined && word !== 'unknown' && word !== 'left down') return 5;
  const hasOutlived = seen.state === 'running' && seen.outlived === true;
  const running = inTeam && !hasOutlived ? 0 : 2;
  const ranks = { unknown: 7, restarting: 4, stopped: 3, 'left down': 0, running };
  return ranks[word];
}

/** Trouble first, then what was left down, then the rest in the team's order. */
export function inOrder<Agent extends WatchedAgent>(agents: readonly Agent[]): readonly Agent[] {
  const rank = (agent: Agent) => trouble(agent) || (stateWord(agent) === 'left down' ? 1 : 0);
  return [...agents].sort((a, b) => rank(b) - rank(a));
}

/** `3 of 5 running · 1 stopped · 1 unknown` */
export function countsOf(agents: readonly AgentStatus[]): string {
  if (agents.length === 0) return 'no agents';
  const words = agents.map(stateWord);
  const number = (word: StateWord) => words.filter((each) => each === word).length;
  const others = (['unknown', 'stopped', 'restarting', 'left down'] as const)
    .filter((word) => number(word) > 0)
    .map((word) => `${number(word)} ${word}`);
  return [`${number('running')} of ${agents.length} running`, ...others].join(' · ');
}

/** Said here and at the terminal. */
export const withoutJournal =
  'Nothing can be changed, and nobody can tell what is wanted or how agents stopped:';

export const doesNotLoad = "The team's files don't load; up and reload wait until they do.";

/** `crash loop: 6 deaths in 12 min` */
export function loopNote({ deaths, since }: CrashLoop, asOf: Date, lasting: (ms: number) => string): string {
  const times = `${deaths} ${deaths === 1 ? 'death' : 'deaths'}`;
  return `crash loop: ${times} in ${lasting(asOf.getTime() - since.getTime())}`;
}

/** `its loop starts it again in 2 min`; without the time where that is not known, or has come. */
export function restartNote(
  { nextStartAt }: { readonly nextStartAt?: Date },
  asOf: Date,
  lasting: (ms: number) => string,
): string {
  const waitMs = nextStartAt === undefined ? 0 : nextStartAt.getTime() - asOf.getTime();
  return `its loop starts it again${waitMs >= 1000 ? ` in ${lasting(Math.round(waitMs / 1000) * 1000)}` : ''}`;
}
