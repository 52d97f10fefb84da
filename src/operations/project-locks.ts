import { splitAgentId } from '../team/agents.ts';
import type { Selection } from './operation.ts';
import { type BusyWith, RefusedError } from './refusal.ts';

/** One operation per project at a time, among the operations of this process. */
export interface ProjectLocks {
  /**
   * Takes the project, or all of them at once for the whole team; throws `RefusedError` naming the operation in the way.
   * Taken before the plan is made: a plan made beside a running operation would see a world in between.
   */
  take(selection: Selection, holder: Omit<BusyWith, 'project'>): () => void;
}

const wholeTeam = Symbol('whole team');

export function createProjectLocks(): ProjectLocks {
  const held = new Map<string | typeof wholeTeam, BusyWith>();
  return {
    take(selection, holder) {
      const wanted = projectOf(selection);
      const inTheWay =
        wanted === wholeTeam ? held.values().next().value : (held.get(wholeTeam) ?? held.get(wanted));
      if (inTheWay !== undefined) throw new RefusedError({ kind: 'busy', operation: inTheWay });
      held.set(wanted, { ...holder, project: wanted === wholeTeam ? 'the whole team' : wanted });
      return () => {
        held.delete(wanted);
      };
    },
  };
}

function projectOf(selection: Selection): string | typeof wholeTeam {
  switch (selection.kind) {
    case 'team':
      return wholeTeam;
    case 'project':
      return selection.project;
    case 'agent':
      return splitAgentId(selection.id).project;
  }
}
