import type { AgentId } from '../../domain/agent.ts';
import type { Observation } from '../../domain/observation.ts';
import type { Selection } from '../../domain/selection.ts';
import { planReload, type ReloadPlan } from '../../team/reload/reload-plan.ts';
import { loadedTeam, type Situation } from './plan-input.ts';

/** A loop that waits longer each time may have minutes to go; whoever asks has mended what was wrong. */
export function waitsForItsLoop(seen: Observation | undefined): boolean {
  return seen?.state === 'stopped' && seen.restarting && seen.nextStartAt !== undefined;
}

export const loopWaits = 'its own loop waits';

/** What differs between the team's files, the snapshot and the world, for the agents of the request. */
export function plannedChanges(situation: Situation): ReloadPlan {
  const { request, roster, rendered, observed, observedThere, wantedDown } = situation;
  const scope = scopeOf(request.selection);
  return planReload({
    team: loadedTeam(roster),
    rendered,
    prior: roster.applied.snapshot,
    startedWith: roster.applied.startedWith,
    states: new Map([...observed].map(([id, seen]) => [id, stateForPlan(seen)])),
    statesThere: new Map(
      [...observedThere].map(([id, seen]) => [
        id,
        { state: stateForPlan(seen), ...('reason' in seen && { reason: seen.reason }) },
      ]),
    ),
    force: request.force,
    ...(request.verb === 'reload' && { wantedDown }),
    ...(scope === undefined ? {} : { scope }),
  });
}

/** A restart loop that only sleeps still has the agent's session: it has to be stopped before anything is started. */
function stateForPlan(seen: Observation): 'running' | 'stopped' | 'unknown' {
  return seen.state === 'stopped' && seen.restarting ? 'running' : seen.state;
}

function scopeOf(selection: Selection): { project: string; agent?: string } | undefined {
  switch (selection.kind) {
    case 'team':
      return undefined;
    case 'project':
      return { project: selection.project };
    case 'agent': {
      const [project, agent] = splitId(selection.id);
      return { project, agent };
    }
  }
}

function splitId(id: AgentId): [string, string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}
