import { type BusyWith, RefusedError } from '../../domain/refusal.ts';
import { meets, projectOf, type Selection, wholeTeam } from '../../domain/selection.ts';

/** One operation per project at a time. */
export interface ProjectLocks {
  /**
   * Takes the project, or all of them at once for the whole team; throws `RefusedError` naming the operation in the way.
   * Taken before the plan is made: a plan made beside a running operation would see a world in between.
   */
  take(selection: Selection, holder: Omit<BusyWith, 'project'>): Release | Promise<Release>;
}

export type Release = () => void | Promise<void>;

/** Among the operations of this process. */
export function createProjectLocks() {
  const held = new Map<string, BusyWith>();
  return {
    take(selection, holder) {
      const wanted = projectOf(selection);
      const inTheWay = [...held.keys()].find((project) => meets(project, wanted));
      const operation = inTheWay === undefined ? undefined : held.get(inTheWay);
      if (operation !== undefined) throw new RefusedError({ kind: 'busy', operation });
      held.set(wanted, { ...holder, project: projectName(wanted) });
      return () => {
        held.delete(wanted);
      };
    },
  } satisfies ProjectLocks;
}

export function projectName(project: string): string {
  return project === wholeTeam ? 'the whole team' : project;
}
