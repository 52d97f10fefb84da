import { readFileSync } from 'node:fs';
import type { AgentSpec } from '../../domain/agent.ts';
import { type AgentTree, growTree, isBetweenLives, leadOf } from '../process/agent-tree.ts';
import type { FoundAgent, Whereabouts } from '../process/found-agent.ts';
import { hasProc, type Process, type ProcessTable, readProcessTable } from '../process/process-table.ts';
import type { RunProgram } from './systemctl.ts';
import type { UnitNames } from './unit-file.ts';
import { listUnits, type Properties, showUnits, type Unit } from './units.ts';

export interface Systemd {
  readonly root: string;
  readonly run: RunProgram;
  readonly names: UnitNames;
  /** What runs as `ExecStopPost`: a life's end, and no part of it. */
  readonly receipt: string;
}

/** Where an agent is: its unit, and what lives in the unit's cgroup. */
export interface FoundInSystemd extends FoundAgent {
  readonly unitName: string;
  /** Absent: systemd has nothing of that name loaded. */
  readonly unit: Unit | undefined;
  /** Told of units that are not simply running: why they are not. */
  readonly properties: Properties | undefined;
}

/** Finds many agents at the price of one list of units, one look at the processes, and one more question about those that don't run. */
export async function findAgents(
  systemd: Systemd,
  specs: readonly AgentSpec[],
  timeoutMs?: number,
): Promise<Whereabouts<FoundInSystemd>> {
  const listing = await listUnits(systemd.run, systemd.names.pattern, timeoutMs);
  if (listing.kind === 'unknown') return listing;
  const table = await readProcessTable();
  const agents = specs.map((spec) => {
    const unitName = systemd.names.unitOf(spec);
    const tree = populationOf(spec, unitName, systemd.receipt);
    const members = tree.update(table);
    const unit = listing.units.get(unitName);
    const sleeps = members.length === 0 ? unit?.sub.startsWith('auto-restart') === true : false;
    const betweenLives = sleeps || isBetweenLives(members, table);
    // Without its loop it is not running: what is left, systemd is about to kill.
    const runs = !betweenLives && members.some(({ part }) => part === 'loop');
    const lead = runs ? leadOf(members) : undefined;
    return { spec, unitName, unit, properties: undefined, tree, members, lead, betweenLives, table };
  });
  const odd = agents.filter(({ unit, lead }) => unit && !lead && unit.active !== 'inactive');
  if (odd.length === 0) return { kind: 'known', agents };

  const names = odd.map(({ unitName }) => unitName);
  const shown = await showUnits(
    systemd.run,
    names,
    [
      ...['ActiveState', 'Job', 'MainPID', 'NRestarts'],
      ...['InactiveEnterTimestampMonotonic', 'ExecMainExitTimestampMonotonic'],
    ],
    timeoutMs,
  );
  if ('kind' in shown) return shown;
  return { kind: 'known', agents: agents.map((agent) => withProperties(agent, shown.get(agent.unitName))) };
}

function withProperties(agent: FoundInSystemd, properties: Properties | undefined): FoundInSystemd {
  if (!properties) return agent;
  // What ends without anybody's order is on its way to its next start, also while systemd still clears up behind it.
  const isOnItsWay =
    !agent.lead &&
    !properties.Job &&
    ['active', 'activating', 'deactivating'].includes(properties.ActiveState ?? '');
  return { ...agent, properties, betweenLives: agent.betweenLives || isOnItsWay };
}

type ProcessesByUnit = ReadonlyMap<string, readonly Process[]>;

const unitsOf = new WeakMap<ProcessTable, ProcessesByUnit>();

/** Everything in the unit's cgroup, which nothing leaves by forking; its tree only says which of it is a restart loop. */
function populationOf(spec: AgentSpec, unitName: string, receipt: string): AgentTree {
  let tree: AgentTree | undefined;
  let hasBeenAsked = false;
  return {
    update(table) {
      const living = (membersByUnit(table).get(unitName) ?? []).filter(
        (process) => !table.argvOf(process).slice(0, 2).includes(receipt),
      );
      const main = living.find(({ ppid }) => !living.some(({ pid }) => pid === ppid));
      if (!tree && main) {
        tree = growTree({ wrapper: spec.wrapper, roots: [main.pid], barred: new Set() });
        tree.update(table);
        if (hasBeenAsked) tree.asked();
      }
      const parts = new Map(tree?.update(table).map(({ process, part }) => [process.pid, part]));
      return living.map((process) => ({ process, part: parts.get(process.pid) ?? 'agent' }));
    },
    asked() {
      hasBeenAsked = true;
      tree?.asked();
    },
  };
}

/** By the names of our units: the kernel knows of every process in which cgroup it is, and is asked once for all agents. */
function membersByUnit(table: ProcessTable): ProcessesByUnit {
  const known = unitsOf.get(table);
  if (known) return known;
  const byUnit = Map.groupBy(table.all(), ({ pid }) => unitOf(pid) ?? '');
  unitsOf.set(table, byUnit);
  return byUnit;
}

function unitOf(pid: number): string | undefined {
  if (!hasProc) return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    return /^\d+:(?:name=systemd)?:.*\/(muster-[0-9a-f]+\.[\w-]+\.[\w-]+\.service)(?:\/|$)/m.exec(text)?.[1];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}
