import type { AgentId } from '../domain/agent.ts';
import { outside } from '../domain/desired-state.ts';
import type { Planned } from './plan/make-plan.ts';
import type { Wanted } from './records/desired-state.ts';

/**
 * Remembers what a request says about which agents are to run: `down` and `drain` want them down, `up` and `restart` want them up.
 * An agent that was wanted down and runs was started by somebody on the host: it is wanted up from now on.
 */
export function noteIntentions({ plan, situation }: Planned, wanted: Wanted): void {
  const { request, observed } = situation;
  const ids = plan.steps.map(({ id }) => id);
  const { verb, askedBy } = request;
  if (verb === 'reload') wanted.set(startedOutside(ids), 'up', outside);
  else wanted.set(ids, verb === 'down' || verb === 'drain' ? 'down' : 'up', askedBy);

  function startedOutside(among: readonly AgentId[]): readonly AgentId[] {
    const down = wanted.whichDown();
    return among.filter((id) => down.has(id) && observed.get(id)?.state === 'running');
  }
}
