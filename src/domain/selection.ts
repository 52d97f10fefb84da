import { type AgentId, splitAgentId } from './agent.ts';
import type { Mute } from './alert.ts';

/** Which agents an operation is about: all of the team, one project, or one agent. */
export type Selection =
  | { readonly kind: 'team' }
  | { readonly kind: 'project'; readonly project: string }
  | { readonly kind: 'agent'; readonly id: AgentId };

/** Stands for all projects of a team, where a project's name is expected. */
export const wholeTeam = '*';

export function projectOf(selection: Selection): string {
  switch (selection.kind) {
    case 'team':
      return wholeTeam;
    case 'project':
      return selection.project;
    case 'agent':
      return splitAgentId(selection.id).project;
  }
}

/** The selection in one word, as a mute is stored: `*` for the team. */
export function keyOf(selection: Selection): string {
  return selection.kind === 'agent' ? selection.id : projectOf(selection);
}

export function meets(held: string, wanted: string): boolean {
  return held === wanted || held === wholeTeam || wanted === wholeTeam;
}

/** Whether it silences what is told of the agent, or without an agent of the host. */
export function covers({ what }: Pick<Mute, 'what'>, agent?: AgentId): boolean {
  return (
    what === wholeTeam || (agent !== undefined && (what === agent || what === splitAgentId(agent).project))
  );
}
