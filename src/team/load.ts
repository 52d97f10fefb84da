import type { Complaint } from './complaint.ts';
import type { Team } from './team.ts';

export interface LoadOptions {
  /** Names of the back-ends there are; `supervisor.type` must be one of them. */
  readonly supervisorTypes: readonly string[];
}

export type LoadResult =
  | { readonly kind: 'loaded'; readonly team: Team; readonly warnings: readonly Complaint[] }
  | {
      readonly kind: 'refused';
      readonly complaints: readonly Complaint[];
      readonly warnings: readonly Complaint[];
    };

/** Reads and validates a team. Whatever is wrong with the files is in the result; it never throws for them. */
export async function loadTeam(root: string, options: LoadOptions): Promise<LoadResult> {
  void [root, options];
  return { kind: 'refused', complaints: [], warnings: [] };
}
