import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import { activeSteps, type Plan } from '../../../../src/domain/plan.ts';
import { planRequest } from '../../../../src/operations/plan/make-plan.ts';
import { runOperation } from '../../../../src/operations/run/run-plan.ts';
import { createFakeSupervisor } from '../../../fakes/fake-supervisor.ts';
import { isRunning } from '../../../fakes/team/agent-tree-on-disk.ts';
import { newRecords } from '../../journal/journal-under-test.ts';
import { asked, offRecord } from '../team-under-test.ts';

const tree = fileURLToPath(new URL('../../team/trees/alpha', import.meta.url));
/** Where it lay when teamctl wrote it: the path is part of every file and fingerprint. */
const home = '/srv/golden';
const root = `${home}/alpha/.team`;
const ids: AgentId[] = ['shop:lead', 'shop:cart', 'shop:pay', 'blog:editor', 'blog:writer'];

/** Why the tree cannot be put where it lay; undefined if it was. */
const skipped = claim();

/** A run that was killed leaves the place behind, with the number of its process in it. */
function claim(): string | undefined {
  const owner = join(home, 'test-process');
  if (existsSync(owner) && !isRunning(Number(readFileSync(owner, 'utf8')))) {
    rmSync(home, { recursive: true, force: true });
  }
  try {
    mkdirSync(home);
    writeFileSync(owner, String(process.pid));
    return undefined;
  } catch (error) {
    return `${home} cannot be made (${(error as NodeJS.ErrnoException).code})`;
  }
}

if (skipped !== undefined) process.stdout.write(`golden tree: skipped, ${skipped}\n`);
afterAll(() => {
  if (skipped === undefined) rmSync(home, { recursive: true, force: true });
});

function hostWith(state: 'running' | 'stopped') {
  const agents = Object.fromEntries(ids.map((id) => [id, { state }]));
  const supervisor = createFakeSupervisor({ agents });
  const { wanted, drainBudgets } = newRecords();
  const teamMcp = '/usr/local/bin/team-mcp';
  const names = { root, name: 'build-1', supervisorTypes: ['tmux'], teamMcp };
  return { ...names, supervisor, wanted, drainBudgets };
}

/** Content and time of change of every file. */
function allFiles(): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((path) => [relative(root, path), `${statSync(path).mtimeMs} ${readFileSync(path, 'utf8')}`]),
  );
}

function counts({ steps }: Plan): Record<string, number> {
  const of = (action: string) => steps.filter((step) => step.action === action).length;
  const dead = steps.filter(({ action, why }) => action === 'up' && why.join() === 'dead').length;
  return { added: of('up') - dead, changed: of('replace'), removed: of('remove'), dead, kept: of('keep') };
}

describe.skipIf(skipped !== undefined)('a tree that teamctl wrote, where it wrote it', () => {
  beforeEach(() => cpSync(tree, root, { recursive: true }));
  afterEach(() => rmSync(`${home}/alpha`, { recursive: true, force: true }));

  test('has nothing added, changed or removed, and five dead agents that a reload would start', async () => {
    const before = allFiles();
    const { plan } = await planRequest(hostWith('stopped'), asked({}));

    expect(counts(plan)).toEqual({ added: 0, changed: 0, removed: 0, dead: 5, kept: 0 });
    expect(allFiles()).toEqual(before);
  });

  test('has nothing to do while the five run, and no file is touched', async () => {
    const before = allFiles();
    const { plan, situation } = await planRequest(hostWith('running'), asked({}));
    await runOperation({ plan }, situation, offRecord()).finished;

    expect(activeSteps(plan)).toEqual([]);
    expect(counts(plan)).toMatchObject({ kept: 5 });
    expect(allFiles()).toEqual(before);
  });

  test('has every env file, MCP file and the snapshot written again byte for byte when the five are started', async () => {
    rmSync(`${root}/state/envs`, { recursive: true });
    rmSync(`${root}/state/mcp`, { recursive: true });
    const { plan, situation } = await planRequest(hostWith('stopped'), asked({}));
    await runOperation({ plan }, situation, offRecord()).finished;

    const timeless = (text: string) => text.replace(/"applied_at": "[^"]*"/, '');
    const written = readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /^state\/.*\.(env|json)$/.test(path),
    );
    expect(written).toHaveLength(11);
    for (const path of written) {
      const [ours, theirs] = [root, tree].map((top) => timeless(readFileSync(join(top, path), 'utf8')));
      expect(ours, path).toBe(theirs);
    }
  });

  test('has all of it written byte for byte where nothing was', async () => {
    rmSync(`${root}/state`, { recursive: true });
    const { plan, situation } = await planRequest(hostWith('stopped'), asked({}));
    await runOperation({ plan }, situation, offRecord()).finished;

    const timeless = (text: string) => text.replace(/"applied_at": "[^"]*"/, '');
    const [ours, theirs] = [root, tree].map((top) => readFileSync(join(top, 'state/applied.json'), 'utf8'));
    expect(timeless(ours ?? '')).toBe(timeless(theirs ?? ''));
  });
});
