import type { AgentSpec } from '../../domain/agent.ts';
import { growTree, isBetweenLives, leadOf } from '../process/agent-tree.ts';
import type { FoundAgent, Whereabouts } from '../process/found-agent.ts';
import { ourLine } from '../process/process-life.ts';
import { type Process, type ProcessTable, readProcessTable } from '../process/process-table.ts';
import { type Job, jobOf } from './job.ts';
import { type Launchctl, type ListedJob, listJobs } from './launchctl.ts';

export interface Launchd {
  readonly launchctl: Launchctl;
  /** `gui/UID`, `user/UID` or `system`. */
  readonly domain: string;
  /** The team's root. */
  readonly root: string;
}

/** An agent as launchd and the process table know it. */
export interface FoundInLaunchd extends FoundAgent {
  readonly job: Job;
  /** Absent: launchd has no such job. */
  readonly listed: ListedJob | undefined;
  /** The job's leading process: our launcher. */
  readonly root: Process | undefined;
  /** Nothing lives, and launchd will start it again. */
  readonly willRestart: boolean;
}

/** Finds many agents at the price of one launchctl command and one look at the processes. */
export async function findAgents(
  { launchctl, domain, root }: Launchd,
  specs: readonly AgentSpec[],
  timeoutMs?: number,
): Promise<Whereabouts<FoundInLaunchd>> {
  const listing = await listJobs(launchctl, domain, timeoutMs);
  if (listing.kind === 'unknown') return listing;
  const table = await readProcessTable();
  const agents = specs.map((spec) => {
    const job = jobOf(root, spec);
    return find(spec, job, listing.jobs.get(job.label), table);
  });
  return { kind: 'known', agents };
}

function find(spec: AgentSpec, job: Job, listed: ListedJob | undefined, table: ProcessTable): FoundInLaunchd {
  const root = listed?.pid === undefined ? undefined : table.get(listed.pid);
  const barred = new Set(ourLine(table).filter((pid) => pid !== root?.pid));
  const tree = growTree({ wrapper: spec.wrapper, roots: root ? [root.pid] : [], barred });
  const members = tree.update(table);
  const betweenLives = isBetweenLives(members, table);
  return {
    spec,
    job,
    listed,
    root,
    willRestart: listed !== undefined && root === undefined && listed.lastStatus !== '0',
    tree,
    members,
    lead: betweenLives ? undefined : leadOf(members),
    betweenLives,
    table,
  };
}
