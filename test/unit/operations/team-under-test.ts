import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import type { Request } from '../../../src/domain/operation.ts';
import type { OperationEvent } from '../../../src/domain/operation-event.ts';
import type { Step } from '../../../src/domain/plan.ts';
import { openJournal } from '../../../src/journal/journal.ts';
import type { Host } from '../../../src/operations/host.ts';
import { noteIntentions } from '../../../src/operations/note-desired-state.ts';
import { planRequest } from '../../../src/operations/plan/make-plan.ts';
import { type Records, recordsIn } from '../../../src/operations/records/records.ts';
import { type RunOptions, runOperation } from '../../../src/operations/run/run-plan.ts';
import type { Clock } from '../../../src/supervisor/process/clock.ts';
import { createFakeSupervisor, type FakeAgent, type FakeSupervisor } from '../../fakes/fake-supervisor.ts';
import { type TeamTree, writeTeamTree } from '../../fakes/team/team-tree.ts';
import { self } from '../journal/journal-under-test.ts';

/** A team on disk, and a supervisor without an operating system that keeps it running. */
export interface TeamUnderTest {
  readonly root: string;
  readonly host: Host;
  readonly supervisor: FakeSupervisor;
  readonly records: Records;
  /** Writes a file of the tree. */
  write(path: string, content: string): void;
  read(path: string): string;
  /** The snapshot as JSON; undefined if there is none. */
  applied(): { schema: number; compose_digest: string; agents: Record<string, unknown> } | undefined;
  plan(request: Partial<Request>): Promise<readonly Step[]>;
  /** Plans and carries out, without asking anybody. */
  run(request: Partial<Request>): Promise<RunResult>;
}

export interface RunResult {
  readonly events: readonly OperationEvent[];
  readonly error?: string;
}

export function createTeam(
  tree: TeamTree,
  agents: Record<AgentId, FakeAgent> = {},
  clock?: Clock,
): TeamUnderTest {
  const root = writeTeamTree(mkdtempSync(join(inject('unitDirectory'), 'team-')), tree);
  const supervisor = createFakeSupervisor({ agents, ...(clock && { clock }), pollMs: 2 });
  const records = recordsIn(openJournal(join(root, 'state/muster')), self);
  const host = {
    root,
    wanted: records.wanted,
    drainBudgets: records.drainBudgets,
    name: 'build-1',
    supervisor,
    supervisorTypes: ['tmux'],
    teamMcp: '/usr/local/bin/team-mcp',
  };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');

  return {
    root,
    host,
    supervisor,
    records,
    read,
    write: (path, content) => writeFileSync(join(root, path), content),
    applied() {
      try {
        return JSON.parse(read('state/applied.json'));
      } catch {
        return undefined;
      }
    },
    async plan(request) {
      const { plan } = await planRequest(host, asked(request));
      return plan.steps;
    },
    async run(request) {
      const { plan, situation } = await planRequest(host, asked(request));
      const events: OperationEvent[] = [];
      noteIntentions({ plan, situation }, records.wanted);
      const { finished } = runOperation(
        { plan },
        situation,
        offRecord((event) => events.push(event)),
      );
      return { ...(await finished), events };
    },
  };
}

/** For a run that nobody writes down. */
export function offRecord(emit: (event: OperationEvent) => void = () => undefined): RunOptions {
  return { record: () => undefined, emit };
}

/** A reload of the whole team by Ana, but for what is said. */
export function asked(request: Partial<Request>): Request {
  return {
    verb: 'reload',
    selection: { kind: 'team' },
    force: false,
    askedBy: 'U0ANA00000',
    text: '/team reload',
    ...request,
  };
}

export const shop = { kind: 'project', project: 'shop' } as const;
export const agent = (id: AgentId) => ({ kind: 'agent', id }) as const;

/** `shop` with a manager `lead` and two workers, `cart` and `pay`. */
export const shopYaml = projectYaml('shop', 'lead', ['cart', 'pay']);

export function projectYaml(id: string, manager: string, workers: readonly string[]): string {
  const lines = workers.map((worker) => `  ${worker}: { reports_to: ${manager} }\n`).join('');
  return `version: 2\nproject: { id: ${id}, name: ${id}, cwd: . }\nmanagers:\n  ${manager}:\nworkers:\n${lines}`;
}

/** Everything runs with the files as they are: what a first reload leaves behind. */
export async function createRunningTeam(
  tree: TeamTree = { projects: { shop: shopYaml } },
  agents: Record<AgentId, FakeAgent> = {},
  clock?: Clock,
): Promise<TeamUnderTest> {
  const team = createTeam(tree, {}, clock);
  await team.run({});
  for (const [id, behaviour] of Object.entries(agents)) team.supervisor.set(id as AgentId, behaviour);
  return team;
}

/** `kind id` of each event, in order, but for what is only noted for whoever has to take the run up. */
export function told({ events }: RunResult): readonly string[] {
  return events
    .filter(({ kind }) => kind !== 'noted' && kind !== 'forcing')
    .map(({ kind, id }) => `${kind} ${id}`);
}

/** What went wrong, by agent. */
export function failures({ events }: RunResult): Record<string, string> {
  return Object.fromEntries(
    events.flatMap((event) => (event.kind === 'failed' ? [[event.id, event.error]] : [])),
  );
}
