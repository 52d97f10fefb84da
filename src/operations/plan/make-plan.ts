import type { AgentId } from '../../domain/agent.ts';
import type { WantedDown } from '../../domain/desired-state.ts';
import type { Observation } from '../../domain/observation.ts';
import type { Request, Verb } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import { renderTeam } from '../../team/reload/render.ts';
import type { Host } from '../host.ts';
import type { Situation } from './plan-input.ts';
import { planReloadSteps, planRestart } from './reload.ts';
import { type KnownAgent, type Roster, readRoster, selected, toBeMoved } from './roster.ts';
import { planDown, planDrain } from './stops.ts';
import { planUp } from './up.ts';

const planners: { readonly [V in Verb]: (situation: Situation) => Plan } = {
  up: planUp,
  down: planDown,
  drain: planDrain,
  restart: planRestart,
  reload: planReloadSteps,
};

export interface Planned {
  readonly plan: Plan;
  readonly situation: Situation;
}

/** Looks at the files and at the agents and says what the request would do. Touches nothing; throws `RefusedError` and `JournalError`. */
export async function planRequest(host: Host, request: Request): Promise<Planned> {
  const situation = await readSituation(host, request);
  return { plan: planners[request.verb](situation), situation };
}

/** The world as it is, for what the request selects. Throws like `planRequest`. */
export async function readSituation(host: Host, request: Request): Promise<Situation> {
  const roster = await readRoster(host);
  const targets = selected(roster, request.selection);
  const [observed, observedThere, rendered] = await Promise.all([
    host.supervisor.observe(targets.map(({ spec }) => spec)),
    observeThere(host, roster, targets),
    roster.team.kind === 'loaded' ? renderTeam(roster.team.team, host.teamMcp) : new Map(),
  ]);
  const wantedDown = stillDown(host, observed);
  return { host, request, roster, targets, observed, observedThere, rendered, wantedDown };
}

async function observeThere(
  { supervisor }: Host,
  roster: Roster,
  targets: readonly KnownAgent[],
): Promise<Situation['observedThere']> {
  const specs = toBeMoved(roster, targets);
  return specs.length === 0 ? new Map() : await supervisor.observe(specs);
}

/** One that was wanted down and runs was started by somebody on the host since: that word counts. */
function stillDown(
  { wanted }: Host,
  observed: ReadonlyMap<AgentId, Observation>,
): ReadonlyMap<AgentId, WantedDown> {
  return new Map([...wanted.whichDown()].filter(([id]) => observed.get(id)?.state !== 'running'));
}
