import { type BusyWith, RefusedError } from './refusal.ts';

/** One operation per project at a time, among the operations of this process. */
export interface ProjectLocks {
  /** Takes all of the projects or none; throws `RefusedError` naming the operation that holds one. */
  take(projects: readonly string[], holder: Omit<BusyWith, 'project'>): Release;
}

export type Release = () => void;

export function createProjectLocks(): ProjectLocks {
  const held = new Map<string, BusyWith>();
  return {
    take(projects, holder) {
      for (const project of projects) {
        const operation = held.get(project);
        if (operation !== undefined) throw new RefusedError({ kind: 'busy', operation });
      }
      for (const project of projects) held.set(project, { ...holder, project });
      return () => {
        for (const project of projects) held.delete(project);
      };
    },
  };
}
