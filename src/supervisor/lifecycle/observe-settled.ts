import type { AgentId, AgentSpec } from '../../domain/agent.ts';
import { loopOf } from '../process/agent-tree.ts';
import type { Clock } from '../process/clock.ts';
import type { FoundAgent, Whereabouts } from '../process/found-agent.ts';
import type { Process } from '../process/process-table.ts';

type FindAll<Found extends FoundAgent> = (agents: readonly AgentSpec[]) => Promise<Whereabouts<Found>>;

/** For a loop to start its agent, or to write down how it ended and go to sleep. */
const settlesWithinMs = 200;

const pollMs = 20;

/**
 * A find of many agents that looks again at those whose loop runs nothing: it is just about to start its agent, or has just lost it,
 * and what an earlier life has left behind is no agent; and at those that have lost their session, of which most end. One that stays
 * so is waited for only once, unless its loop was seen to run another: then it has lost that.
 */
export function settledFind<Found extends FoundAgent>(findAll: FindAll<Found>, clock: Clock): FindAll<Found> {
  const lasting = new Map<AgentId, string>();
  /** The agents that a loop was seen to run. */
  const run = new Map<AgentId, { readonly agent: string; readonly loop: ReadonlySet<string> }>();

  return async (specs) => {
    const until = clock.now() + settlesWithinMs;
    const whereabouts = await findAll(specs);
    if (whereabouts.kind === 'unknown') return whereabouts;
    const agents = [...whereabouts.agents];
    while (true) {
      const doubtful = agents.filter(isDoubtful);
      if (doubtful.length === 0) break;
      if (clock.now() >= until) {
        for (const found of doubtful) {
          if (isBereft(found))
            agents[agents.indexOf(found)] = { ...found, lead: undefined, betweenLives: true };
          else lasting.set(found.spec.id, lifeOf(found.lead));
        }
        break;
      }
      await clock.sleep(pollMs);
      const again = await findAll(doubtful.map(({ spec }) => spec));
      if (again.kind === 'unknown') return again;
      for (const found of again.agents) agents[agents.findIndex(({ spec }) => spec === found.spec)] = found;
    }
    for (const { spec, lead, members, outlived } of agents) {
      const loop = loopOf(members);
      if (lead === undefined || !isRunBy(loop, lead)) continue;
      run.set(spec.id, { agent: lifeOf(lead), loop: new Set(loop.map(lifeOf)) });
      // Its loop only was slow to begin.
      if (outlived !== true) lasting.delete(spec.id);
    }
    return { kind: 'known', agents };
  };

  function isBereft({ spec, members, outlived }: FoundAgent): boolean {
    return (
      outlived !== true && loopOf(members).some((process) => run.get(spec.id)?.loop.has(lifeOf(process)))
    );
  }

  function isDoubtful({ spec, lead, members, outlived }: FoundAgent): boolean {
    if (!lead || lasting.get(spec.id) === lifeOf(lead)) return false;
    if (outlived === true) return true;
    const loop = loopOf(members);
    if (loop.length === 0 || run.get(spec.id)?.agent === lifeOf(lead)) return false;
    return !isRunBy(loop, lead);
  }
}

function isRunBy(loop: readonly Process[], { pid, ppid }: Process): boolean {
  return loop.some((each) => each.pid === ppid) && loop.every((each) => each.pid !== pid);
}

function lifeOf(lead: FoundAgent['lead']): string {
  return `${lead?.pid} ${lead?.startTime}`;
}
