import type { AgentStatus } from '../../operations/status.ts';
import type { WatchedAgent } from '../../watch/watched-status.ts';

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
