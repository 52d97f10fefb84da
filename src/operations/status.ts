import type { Observation } from '../supervisor/supervisor.ts';
import { describeComplaint } from '../team/complaint.ts';
import type { AgentId } from '../team/team.ts';
import type { Host } from './host.ts';
import { JournalError } from './journal.ts';
import type { Selection } from './operation.ts';
import { readRoster, selected } from './roster.ts';
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
    warnings: team.warnings.map(describeComplaint),
    ...(journal !== undefined && { journal }),
  };
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
