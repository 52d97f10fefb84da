import type { AgentSpec } from '../team/agent-spec.ts';
import type { AgentId } from '../team/team.ts';
import type { Clock } from './clock.ts';
import type { FoundAgent, Whereabouts } from './found-agent.ts';

type FindAll<Found extends FoundAgent> = (agents: readonly AgentSpec[]) => Promise<Whereabouts<Found>>;

/** For a loop to start its agent, or to write down how it ended and go to sleep. */
const settlesWithinMs = 200;
const pollMs = 20;

/**
 * A find of many agents that looks again at those of which only the loop is seen: it is just about to start its agent, or has just
 * lost it; and at those that have lost their session, of which most end. One that stays so is waited for only once, unless its loop
 * was seen to run another: then it has lost that.
 */
export function settledFind<Found extends FoundAgent>(findAll: FindAll<Found>, clock: Clock): FindAll<Found> {
  const lasting = new Map<AgentId, string>();
  /** Of each agent that was seen under a loop, the processes of that loop. */
  const loops = new Map<AgentId, ReadonlySet<string>>();

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
    for (const { spec, lead, members } of agents) {
      const loop = members.filter(({ part }) => part === 'loop').map(({ process }) => lifeOf(process));
      if (lead !== undefined && !loop.includes(lifeOf(lead))) loops.set(spec.id, new Set(loop));
    }
    return { kind: 'known', agents };
  };

  function isBereft({ spec, lead, outlived }: FoundAgent): boolean {
    return outlived !== true && loops.get(spec.id)?.has(lifeOf(lead)) === true;
  }

  function isDoubtful({ spec, lead, members, outlived }: FoundAgent): boolean {
    if (!lead || lasting.get(spec.id) === lifeOf(lead)) return false;
    return (
      outlived === true || members.some(({ process, part }) => process.pid === lead.pid && part === 'loop')
    );
  }
}

function lifeOf(lead: FoundAgent['lead']): string {
  return `${lead?.pid} ${lead?.startTime}`;
}
