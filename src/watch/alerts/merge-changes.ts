import type { AgentId } from '../../domain/agent.ts';
import { type Alert, type AlertedAgent, isAgentResolved } from '../../domain/alert.ts';
import type { AgentEdge, Edge, HostEdge } from '../../domain/state-change.ts';

type Content = Pick<Alert, 'agents' | 'host'>;

/** The alert's content with one more edge in it. */
export function fold(content: Content, edge: Edge): Content {
  if ('id' in edge)
    return { ...content, agents: withAgent(content.agents, edge.id, (agent) => foldAgent(agent, edge)) };
  if (edge.kind === 'rebooted') {
    const agents = edge.agents.reduce(
      (all, id) => withAgent(all, id, (agent) => ({ ...agent, lostAtReboot: true })),
      content.agents,
    );
    return { agents, host: [...content.host, edge] };
  }
  return { ...content, host: foldHost(content.host, edge) };
}

/** Nothing in it is left to see to. */
export function isResolved({ agents, host }: Content): boolean {
  return agents.every(isAgentResolved) && openUnreadable(host) === undefined;
}

/** The edge that no `readable` has followed yet. */
export function openUnreadable(
  host: readonly HostEdge[],
): Extract<HostEdge, { kind: 'unreadable' }> | undefined {
  const last = host.findLast(({ kind }) => kind === 'unreadable' || kind === 'readable');
  return last?.kind === 'unreadable' ? last : undefined;
}

function withAgent(
  agents: readonly AlertedAgent[],
  id: AgentId,
  change: (agent: AlertedAgent) => AlertedAgent,
): readonly AlertedAgent[] {
  if (!agents.some((agent) => agent.id === id)) return [...agents, change({ id, deaths: 0 })];
  return agents.map((agent) => (agent.id === id ? change(agent) : agent));
}

function foldAgent(agent: AlertedAgent, edge: AgentEdge): AlertedAgent {
  switch (edge.kind) {
    case 'died':
    case 'stopped-outside':
    case 'ended': {
      const { back: _back, downOnPurpose: _down, ...rest } = agent;
      const isToldAnew = agent.death?.at.getTime() === edge.at.getTime();
      return {
        ...rest,
        death: edge,
        deaths: agent.deaths + (isToldAnew ? 0 : 1),
        firstDeathAt: agent.firstDeathAt ?? edge.at,
      };
    }
    case 'came-back': {
      const { downOnPurpose: _down, ...rest } = agent;
      return { ...rest, back: edge };
    }
    case 'stopped-on-purpose': {
      const { back: _back, ...rest } = agent;
      return { ...rest, downOnPurpose: edge.at };
    }
    case 'started-outside':
      return { ...agent, startedOutside: edge };
    case 'crash-loop':
    case 'crash-loop-over':
    case 'gave-up':
      return { ...agent, loop: edge };
  }
}

/** Of what cannot be read only the latest word counts, until it can be read again. */
function foldHost(host: readonly HostEdge[], edge: HostEdge): readonly HostEdge[] {
  const open = openUnreadable(host);
  if (edge.kind !== 'unreadable' || open === undefined) return [...host, edge];
  return host.map((other) => (other === open ? { ...edge, at: open.at } : other));
}
