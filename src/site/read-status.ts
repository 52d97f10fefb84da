import type { AgentId } from '../domain/agent.ts';
import type { WantedDown } from '../domain/desired-state.ts';
import type { Observation } from '../domain/observation.ts';
import { covers, type Selection } from '../domain/selection.ts';
import type { AgentStatus, TeamStatus, WatchedStatus, WatchNotes } from '../domain/status.ts';
import { JournalError } from '../journal/journal.ts';
import type { Host } from '../operations/host.ts';
import { type KnownAgent, type Roster, readRoster, selected, toBeMoved } from '../operations/plan/roster.ts';
import type { LoggedOperations } from '../operations/records/operation-history.ts';
import { describeComplaint } from '../team/files/complaint.ts';
import type { CrashLoops } from '../watch/alerts/crash-loops.ts';
import type { Mutes } from '../watch/alerts/mutes.ts';

/** The last lines that an agent printed, oldest first; untrusted text. Throws `RefusedError` if there is no such agent. */
export async function readLogs(host: Host, id: AgentId, count: number): Promise<readonly string[]> {
  const targets = selected(await readRoster(host), { kind: 'agent', id });
  const lines = await Promise.all(targets.map(({ spec }) => host.supervisor.lastLines(spec, count)));
  return lines.flat();
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
export function wantedDown({ wanted }: Host): {
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

export interface WatchRecords {
  readonly crashLoops: Pick<CrashLoops, 'of' | 'all'>;
  readonly mutes: Pick<Mutes, 'all'>;
  /** Without it nothing is said of how agents were stopped. */
  readonly stops?: Pick<LoggedOperations, 'lastStops'>;
}

/** Throws `RefusedError` for a selection that does not exist. */
export async function readWatchedStatus(
  host: Host,
  selection: Selection,
  records: WatchRecords,
): Promise<WatchedStatus> {
  const status = await readStatus(host, selection);
  const ids = status.agents.map(({ id }) => id);
  const notes = readNotes(ids, records);
  return { ...status, agents: status.agents.map((agent) => ({ ...agent, ...notes.get(agent.id) })) };
}

/** Looking goes on without the journal; the status says by itself that it cannot be read. */
function readNotes(
  ids: readonly AgentId[],
  { crashLoops, mutes, stops }: WatchRecords,
): ReadonlyMap<AgentId, WatchNotes> {
  try {
    const looping = new Map(crashLoops.all().map((id) => [id, crashLoops.of(id)]));
    const longestFirst = [...mutes.all()].sort((one, other) => other.until.getTime() - one.until.getTime());
    const notesOf = (id: AgentId): WatchNotes => {
      const loop = looping.get(id);
      const mute = longestFirst.find((each) => covers(each, id));
      const [stop] = stops?.lastStops(id, 1) ?? [];
      const lastStop = stop && { how: stop.how, at: stop.at, operation: stop.operation };
      return { ...(loop && { loop }), ...(mute && { mute }), ...(lastStop && { lastStop }) };
    };
    return new Map(ids.map((id) => [id, notesOf(id)]));
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return new Map();
  }
}
