import type { AgentId } from '../team/team.ts';
import type { Plan } from './plan.ts';

export type Verb = 'up' | 'down' | 'drain' | 'restart' | 'reload';

/** Which agents an operation is about: all of the team, one project, or one agent. */
export type Selection =
  | { readonly kind: 'team' }
  | { readonly kind: 'project'; readonly project: string }
  | { readonly kind: 'agent'; readonly id: AgentId };

/** What one person asked for, before anybody looked at the world. */
export interface Request {
  readonly verb: Verb;
  readonly selection: Selection;
  /** Overrides the team's drain budget, in milliseconds. */
  readonly budgetMs?: number;
  /** Reload only: replace running agents even if nothing changed. */
  readonly force: boolean;
  /** Slack's id of the person who asked. */
  readonly askedBy: string;
  /** Who agreed, where another one than the asker has to. */
  readonly confirmedBy?: string;
  /** The words they typed, for the record. */
  readonly text: string;
  /** The delivery from Slack that it came with. */
  readonly delivery?: string;
}

/** A request that got its plan and an id, and is about to run or running. */
export interface Operation {
  readonly id: string;
  readonly request: Request;
  readonly plan: Plan;
  readonly startedAt: Date;
}

export function selectionName(selection: Selection): string {
  switch (selection.kind) {
    case 'team':
      return 'the whole team';
    case 'project':
      return selection.project;
    case 'agent':
      return selection.id;
  }
}
