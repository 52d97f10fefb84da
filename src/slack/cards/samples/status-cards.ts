import type { AgentId } from '../../../domain/agent.ts';
import type { Observation } from '../../../domain/observation.ts';
import type { LastStop } from '../../../domain/operation-record.ts';
import type { Selection } from '../../../domain/selection.ts';
import type { WatchedAgent } from '../../../domain/status.ts';
import { statusCard } from '../status.ts';
import type { SampleCards } from './sample-card.ts';
import { ago, gracefulResult, hostName, killedResult, now, running, shop } from './sample-operations.ts';

const at = now;

const statusAgents: readonly WatchedAgent[] = [
  { id: 'shop:lead', project: 'shop', seen: running(4 * 3_600_000), inTeam: true },
  {
    id: 'shop:pay',
    project: 'shop',
    seen: { state: 'stopped', restarting: false, lastEnd: { kind: 'exited', code: 3, at } },
    inTeam: true,
  },
  {
    id: 'shop:cart',
    project: 'shop',
    seen: { state: 'stopped', restarting: true, lastEnd: { kind: 'signalled', signal: 'SIGSEGV', at } },
    inTeam: true,
  },
  {
    id: 'shop:search',
    project: 'shop',
    seen: { state: 'unknown', reason: 'tmux did not answer within 5 s' },
    inTeam: true,
  },
  { id: 'shop:old', project: 'shop', seen: running(90_000), inTeam: false },
  {
    id: 'shop:mail',
    project: 'shop',
    seen: { state: 'stopped', restarting: false, gaveUp: '10 starts within 5 min; /team up tries again' },
    inTeam: true,
  },
  {
    id: 'shop:night',
    project: 'shop',
    seen: {
      state: 'stopped',
      restarting: false,
      lastEnd: { kind: 'exited', code: 0, at: ago(30 * 3_600_000) },
    },
    inTeam: true,
    wantedDown: { by: 'U0BO0000000', at: ago(30 * 3_600_000) },
  },
];

const mute = { id: 1, what: 'shop', by: 'U0BO0000000', since: ago(60_000), until: ago(-28 * 60_000) };

/** One runs just now and is about to die again; of the other its loop waits. */
const looping: readonly WatchedAgent[] = [
  { id: 'shop:lead', project: 'shop', seen: running(4 * 3_600_000), inTeam: true, mute },
  {
    id: 'shop:search',
    project: 'shop',
    seen: { state: 'unknown', reason: 'tmux did not answer within 5 s' },
    inTeam: true,
    mute,
  },
  {
    id: 'shop:crashy',
    project: 'shop',
    seen: running(3000),
    inTeam: true,
    loop: { since: ago(12 * 60_000), deaths: 6 },
    mute,
  },
  {
    id: 'shop:cart',
    project: 'shop',
    seen: {
      state: 'stopped',
      restarting: true,
      nextStartAt: ago(-130_000),
      lastEnd: { kind: 'exited', code: 3, at: ago(30_000) },
    },
    inTeam: true,
    loop: { since: ago(5 * 60_000), deaths: 7 },
    mute,
  },
];

/** 90 agents in three projects: more than one page. */
const crowded = Array.from({ length: 90 }, (_, index): WatchedAgent => {
  const project = ['shop', 'blog', 'mail'][index % 3] ?? 'shop';
  const seen: Observation = index === 4 ? { state: 'stopped', restarting: false } : running(3_600_000);
  return { id: `${project}:a${index}`, project, seen, inTeam: true };
});

const stops = new Map<AgentId, LastStop>([
  ['shop:pay', { how: 'TimedOutKilled', at: ago(22 * 60_000), operation: 'O-222222', result: killedResult }],
  ['shop:lead', { how: 'Graceful', at: ago(4 * 3_600_000), operation: 'O-333333', result: gracefulResult }],
]);

function withStop(agent: WatchedAgent): WatchedAgent {
  const lastStop = stops.get(agent.id);
  return lastStop === undefined ? agent : { ...agent, lastStop };
}

export const status = (
  agents: readonly WatchedAgent[],
  more: { complaints?: readonly string[]; warnings?: readonly string[] } = {},
  which: { selection?: Selection; page?: number } = {},
) =>
  statusCard({
    status: { asOf: now, agents: agents.map(withStop), complaints: [], warnings: [], ...more },
    selection: shop,
    ...which,
    hostName,
    askedBy: 'U0ANA00000',
  });

/** The table, from one agent to more than a page. */
export function statusCards(): SampleCards {
  return {
    status: status(statusAgents, { warnings: ['projects/shop.yaml line 3: x'] }),
    'status-all-well': status(statusAgents.slice(0, 1)),
    'status-no-agents': status([]),
    'status-agent': status(statusAgents.slice(1, 2), {}, { selection: { kind: 'agent', id: 'shop:pay' } }),
    'status-looping': status(looping),
    'status-first-page': status(crowded, {}, { selection: { kind: 'team' } }),
    'status-last-page': status(crowded, {}, { selection: { kind: 'team' }, page: 1 }),
    'status-left-down': status(statusAgents.slice(-1)),
    'status-warnings': status(statusAgents.slice(0, 1), {
      warnings: ['projects/shop.yaml line 3: x', 'projects/shop.yaml line 9: y'],
    }),
    'status-does-not-load': status(statusAgents.slice(0, 1), {
      complaints: ['projects/shop.yaml line 14: managers.lead.effort is "hgih"; it must be low or high.'],
    }),
  };
}
