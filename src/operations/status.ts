import type { Observation } from '../supervisor/supervisor.ts';
import { describeComplaint } from '../team/complaint.ts';
import type { AgentId } from '../team/team.ts';
import type { Host } from './host.ts';
import { JournalError } from './journal.ts';
import type { Selection } from './operation.ts';
import { type KnownAgent, type Roster, readRoster, selected, toBeMoved } from './roster.ts';
import type { WantedDown } from './wanted.ts';

export interface AgentStatus {
  readonly id: AgentId;
  readonly project: string;
  readonly seen: Observation;
  /** False: only the snapshot knows it. */
  readonly inTeam: boolean;
  /** Somebody took it down through Muster, and it is to stay down. */
  readonly wantedDown?: WantedDown;
}

export interface TeamStatus {
  readonly asOf: Date;
  readonly agents: readonly AgentStatus[];
  /** Why the team's files don't load, one sentence each. */
  readonly complaints: readonly string[];
  readonly warnings: readonly string[];
  /** Why nobody can tell who wants what down. */
  readonly journal?: string;
}

/** What runs and what doesn't, asked of the back-end now. Throws `RefusedError` for a selection that does not exist. */
export async function readStatus(host: Host, selection: Selection): Promise<TeamStatus> {
  const roster = await readRoster(host);
  const targets = selected(roster, selection);
  const observed = await host.supervisor.observe(targets.map(({ spec }) => spec));
  const { team } = roster;
  const { down, journal } = wantedDown(host);
  return {
    asOf: new Date(),
    agents: targets
      .map(({ id, project, agent }) => ({
        id,
        project,
        seen: observed.get(id) ?? { state: 'unknown' as const, reason: 'the back-end said nothing about it' },
        inTeam: agent !== undefined || team.kind === 'refused',
        ...wantedMark(down.get(id)),
      }))
      .filter(({ inTeam, seen }) => inTeam || seen.state !== 'stopped'),
    complaints: team.kind === 'refused' ? team.complaints.map(describeComplaint) : [],
    warnings: [
      ...roster.unread,
      ...team.warnings.map(describeComplaint),
      ...stillElsewhere(roster, targets, observed),
    ],
    ...(journal !== undefined && { journal }),
  };
}

/** Agents that are seen, or would be, where the team wants them no more: one sentence for each back-end they are still on. */
function stillElsewhere(
  roster: Roster,
  targets: readonly KnownAgent[],
  observed: ReadonlyMap<AgentId, Observation>,
): readonly string[] {
  const moving = new Map(toBeMoved(roster, targets).map(({ id, backend }) => [id, backend]));
  const there = targets.filter(({ id }) => moving.has(id) && observed.get(id)?.state !== 'stopped');
  return [...Map.groupBy(there, ({ spec }) => spec.backend)].map(([from, [first, ...more]]) => {
    const to = first && moving.get(first.id);
    return more.length === 0
      ? `${first?.id} is on ${from}, where it was started, and the team asks for ${to}: reload moves it`
      : `${more.length + 1} agents are on ${from}, where they were started, and the team asks for ${to}: reload moves them`;
  });
}

function wantedMark(down: WantedDown | undefined): Pick<AgentStatus, 'wantedDown'> {
  return down === undefined ? {} : { wantedDown: down };
}

/** Looking goes on without the journal. */
function wantedDown({ wanted }: Host): {
  readonly down: ReadonlyMap<AgentId, WantedDown>;
  readonly journal?: string;
} {
  try {
    return { down: wanted.whichDown() };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return { down: new Map(), journal: error.message };
  }
}
