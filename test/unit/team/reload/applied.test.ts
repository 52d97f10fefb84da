import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import { type Applied, readApplied, writeApplied } from '../../../../src/team/reload/applied.ts';
import type { Snapshot } from '../../../../src/team/reload/snapshot.ts';
import type { StartedWith } from '../../../../src/team/reload/started-with.ts';
import { temporaryDirectory } from '../loaded-team.ts';

const golden = readFileSync(
  fileURLToPath(new URL('../trees/alpha/state/applied.json', import.meta.url)),
  'utf8',
);
const startedWith = new Map<AgentId, StartedWith>([
  ['shop:pay', { supervisor: 'tmux', wrapper: 'blake3:1', runtime: 'codex', runtimeFile: '' }],
]);

function rootOfTeamctl(): string {
  const root = temporaryDirectory();
  mkdirSync(`${root}/state`);
  writeFileSync(`${root}/state/applied.json`, golden);
  return root;
}

function snapshotOf({ snapshot }: Applied): Snapshot {
  if (snapshot.kind !== 'snapshot') throw new Error(snapshot.kind);
  return snapshot.snapshot;
}

/** What Muster writes at `second` of some minute. */
async function writeOurs(root: string, second: number): Promise<void> {
  const before = await readApplied(root);
  const snapshot = { ...snapshotOf(before), applied_at: `2026-01-01T00:00:0${second}Z` };
  await writeApplied(root, before, { snapshot, startedWith });
}

test('of agents that somebody else started nothing is known but the snapshot', async () => {
  const applied = await readApplied(rootOfTeamctl());

  expect(applied).toMatchObject({ snapshot: { kind: 'snapshot' }, startedWith: new Map() });
  expect(applied.base).toBe(applied.version);
});

test('what Muster started its agents with is remembered, and nothing of it is in the snapshot', async () => {
  const root = rootOfTeamctl();
  await writeOurs(root, 1);

  expect((await readApplied(root)).startedWith).toEqual(startedWith);
  expect(readFileSync(`${root}/state/applied.json`, 'utf8').replace(/"applied_at": "[^"]*"/, '')).toBe(
    golden.replace(/"applied_at": "[^"]*"/, ''),
  );
});

test('what Muster writes time after time goes back to the one version that somebody else wrote', async () => {
  const root = rootOfTeamctl();
  const { base } = await readApplied(root);
  for (const second of [1, 2, 2, 3]) await writeOurs(root, second);

  expect(await readApplied(root)).toMatchObject({ base, version: expect.not.stringMatching(base) });
});

test('once somebody else writes, what was remembered is forgotten, for they may have restarted anything', async () => {
  const root = rootOfTeamctl();
  await writeOurs(root, 1);
  writeFileSync(`${root}/state/applied.json`, golden.replace('"applied_at": "', '"applied_at": "1'));

  const applied = await readApplied(root);
  expect(applied.startedWith).toEqual(new Map());
  expect(applied.base).toBe(applied.version);
  await writeOurs(root, 2);
  expect((await readApplied(root)).base).toBe(applied.base);
});

test('a crash between the two files leaves both known for ours', async () => {
  const root = rootOfTeamctl();
  await writeOurs(root, 1);
  const earlier = readFileSync(`${root}/state/applied.json`);
  const { base } = await readApplied(root);
  await writeOurs(root, 2);
  writeFileSync(`${root}/state/applied.json`, earlier);

  expect(await readApplied(root)).toMatchObject({ base, startedWith });
});

test.each(['', '{', '[]', '{"base":1}'])('a record that reads %j is no record', async (content) => {
  const root = rootOfTeamctl();
  mkdirSync(`${root}/state/muster`);
  writeFileSync(`${root}/state/muster/started.json`, content);

  expect((await readApplied(root)).startedWith).toEqual(new Map());
});
