import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import { loadTeam } from '../../../src/team/files/load.ts';
import { readApplied, writeApplied } from '../../../src/team/reload/applied.ts';
import {
  type Compared,
  digestChanged,
  hasNothingToDo,
  pendingAgents,
  planReload,
  type ReloadPlan,
} from '../../../src/team/reload/reload-plan.ts';
import { type RenderedAgent, renderTeam, snapshotEntry } from '../../../src/team/reload/render.ts';
import { composeDigest, mergeSnapshot, snapshotGlobal } from '../../../src/team/reload/snapshot.ts';
import { agentsOf, type Team } from '../../../src/team/team.ts';
import { rounds } from '../../fakes/rounds.ts';
import { writeTeamTree } from '../../fakes/team/team-tree.ts';
import { loaded, temporaryDirectory } from './loaded-team.ts';

interface AgentIn {
  readonly runtime?: string | undefined;
  readonly model?: string | undefined;
  readonly role_prompt?: string | undefined;
  readonly permission_mode?: string | undefined;
  readonly effort?: string | undefined;
}

interface ProjectIn {
  readonly id: string;
  readonly name: string;
  readonly cwd: string;
  readonly managers: Readonly<Record<string, AgentIn>>;
  readonly workers: Readonly<Record<string, AgentIn>>;
}

const id = fc.stringMatching(/^[a-z0-9_][A-Za-z0-9_]{0,5}$/);
const line = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\p{C}]/u.test(text));
const agent = fc.record(
  {
    runtime: fc.constantFrom('claude-code', 'codex', 'gemini'),
    model: line,
    role_prompt: fc.constantFrom('roles/a.md', './roles/../roles/b.md', 'roles/gone.md', ''),
    permission_mode: line,
    effort: fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max'),
  },
  { requiredKeys: [] },
);
const agents = (prefix: string) =>
  fc
    .uniqueArray(fc.tuple(id, agent), { selector: ([name]) => name, maxLength: 4 })
    .map((entries) => Object.fromEntries(entries.map(([name, body]) => [`${prefix}${name}`, body])));
const projectIn = fc.record({ id, name: line, cwd: line, managers: agents('m'), workers: agents('w') });
const teamIn = fc.uniqueArray(projectIn, { selector: (one) => one.id, minLength: 1, maxLength: 3 });

/** JSON is YAML; integer-like ids keep their place, since teams are sorted anyway. */
function write(directory: string, projects: readonly ProjectIn[]): string {
  const files = projects.map(({ id, name, cwd, managers, workers }) => {
    return [id, JSON.stringify({ version: 2, project: { id, name, cwd }, managers, workers })] as const;
  });
  return writeTeamTree(directory, {
    projects: Object.fromEntries(files),
    roles: { a: 'A', b: 'B' },
    runtimes: { robot: 'binary: robot' },
  });
}

async function read(root: string): Promise<{ team: Team; rendered: ReadonlyMap<AgentId, RenderedAgent> }> {
  const team = loaded(await loadTeam(root, { supervisorTypes: ['tmux'] }));
  return { team, rendered: await renderTeam(team, 'team-mcp') };
}

async function apply(root: string): Promise<void> {
  const { team, rendered } = await read(root);
  const global = snapshotGlobal(team);
  const started = new Map([...rendered].map(([agentId, one]) => [agentId, snapshotEntry(one)]));
  const settled = { compose_digest: composeDigest(team), global };
  const snapshot = mergeSnapshot(undefined, { at: new Date(), started, settled }, global);
  const startedWith = new Map([...rendered].map(([agentId, one]) => [agentId, one.startsWith]));
  await writeApplied(root, await readApplied(root), { snapshot, startedWith });
}

async function compared(root: string): Promise<Compared> {
  const { snapshot: prior, startedWith } = await readApplied(root);
  return { ...(await read(root)), prior, startedWith };
}

function plan(what: Compared): ReloadPlan {
  const states = new Map(agentsOf(what.team).map((one) => [one.id, 'running' as const]));
  return planReload({ ...what, states });
}

test('a team that was written, applied and read again has nothing to do', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(teamIn, async (projects) => {
      const root = write(temporaryDirectory(), projects);
      await apply(root);
      const again = await compared(root);

      expect(hasNothingToDo(plan(again))).toBe(true);
      expect(digestChanged(again)).toBe(false);
      expect(pendingAgents(again)).toEqual([]);
    }),
    { numRuns: rounds('teams that were applied', { test: 25, soak: 2000 }) },
  );
});

const edits = [
  { field: 'model', value: 'another model', why: ['env'] },
  { field: 'permission_mode', value: 'another mode', why: ['env'] },
  { field: 'role_prompt', value: 'roles/other.md', why: ['env', 'role_prompt'] },
  { field: 'runtime', value: 'robot', why: ['env'] },
] as const;

test('one changed field of one agent changes that agent, with that label, and no other', {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      teamIn,
      fc.nat(),
      fc.constantFrom(...edits),
      async (projects, seed, { field, value, why }) => {
        const all = projects.flatMap((one) =>
          (['managers', 'workers'] as const).flatMap((role) =>
            Object.keys(one[role]).map((name) => ({ one, role, name })),
          ),
        );
        const chosen = all[seed % all.length];
        fc.pre(chosen !== undefined);
        if (chosen === undefined) return;
        const { one, role, name } = chosen;
        const directory = temporaryDirectory();
        const root = write(directory, projects);
        await apply(root);

        const edited = { ...one, [role]: { ...one[role], [name]: { ...one[role][name], [field]: value } } };
        write(
          directory,
          projects.map((project) => (project === one ? edited : project)),
        );
        const changed = plan(await compared(root)).steps.filter(({ action }) => action !== 'keep');

        expect(changed).toMatchObject([{ id: `${one.id}:${name}`, action: 'change', why }]);
      },
    ),
    { numRuns: rounds('teams with one field changed', { test: 25, soak: 2000 }) },
  );
});

test('a changed role prompt changes exactly the agents that have it', async () => {
  const root = write(temporaryDirectory(), [
    {
      id: 'p',
      name: 'P',
      cwd: '.',
      managers: {},
      workers: { a: { role_prompt: 'roles/a.md' }, b: { role_prompt: 'roles/b.md' } },
    },
  ]);
  await apply(root);
  writeFileSync(`${root}/roles/a.md`, 'A, but better');

  const changed = plan(await compared(root)).steps.filter(({ action }) => action !== 'keep');
  expect(changed).toMatchObject([{ id: 'p:a', action: 'change', why: ['role_prompt'] }]);
});
