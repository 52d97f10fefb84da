import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../../../src/team/reload/fingerprint.ts';
import {
  formatSnapshot,
  mergeSnapshot,
  parseSnapshot,
  readSnapshot,
  type Snapshot,
  type SnapshotAgent,
  specFromSnapshot,
} from '../../../../src/team/reload/snapshot.ts';
import { temporaryDirectory } from '../loaded-team.ts';

const golden = readFileSync(fileURLToPath(new URL('../trees/alpha/state/applied.json', import.meta.url)));
const parse = (value: unknown) =>
  parseSnapshot(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
const whole = () => JSON.parse(golden.toString());

function goldenSnapshot(): Snapshot {
  const read = parseSnapshot(golden);
  if (read.kind !== 'snapshot') throw new Error(read.kind);
  return read.snapshot;
}

describe('a snapshot', () => {
  test('is written back byte for byte as it was read', () => {
    expect(formatSnapshot(goldenSnapshot())).toBe(golden.toString());
  });

  test('is written with its agents in byte order, whatever order they came in', () => {
    const snapshot = goldenSnapshot();

    expect(formatSnapshot({ ...snapshot, agents: new Map([...snapshot.agents].reverse()) })).toBe(
      golden.toString(),
    );
  });

  test('keeps a missing role prompt by the path as written', () => {
    const content = whole();
    content.agents['shop:pay'].fingerprints.role_prompt = { path: './r.md', kind: 'missing' };
    const read = parse(content);

    const text = read.kind === 'snapshot' ? formatSnapshot(read.snapshot) : '';
    expect(text).toContain('"kind": "missing",\n          "path": "./r.md"\n');
  });

  test('may have been formatted otherwise and hold fields nobody knows', () => {
    const { agents, ...rest } = whole();
    agents['shop:pay'].started_at = 'now';

    expect(parse({ agents, note: { a: 1 }, ...rest })).toMatchObject({ kind: 'snapshot' });
  });

  test('is read with its bytes', async () => {
    const root = temporaryDirectory();
    mkdirSync(`${root}/state`);
    writeFileSync(`${root}/state/applied.json`, golden);

    const read = await readSnapshot(root);
    expect(read).toMatchObject({ kind: 'snapshot', snapshot: goldenSnapshot() });
    expect(Buffer.from(read.bytes ?? []).equals(golden)).toBe(true);
  });
});

describe('no snapshot', () => {
  test('is there before anything was started', async () => {
    expect(await readSnapshot(temporaryDirectory())).toEqual({
      kind: 'none',
      why: 'there is no state/applied.json yet',
      isMissing: true,
    });
  });

  test('is what cannot be read', async () => {
    const root = temporaryDirectory();
    mkdirSync(`${root}/state/applied.json`, { recursive: true });

    expect(await readSnapshot(root)).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('state/applied.json is a directory; expected a regular file'),
    });
  });

  test.each<[string, unknown]>([
    ['a torn file', golden.toString().slice(0, 700)],
    ['an empty file', ''],
    ['another kind of JSON', [1]],
    ['an older schema', { ...whole(), schema: 1 }],
    ['a schema in quotes', { ...whole(), schema: '2' }],
    ['a missing field', { ...whole(), global: { tmux_prefix: 'a-', broker_path: 'x' } }],
    ['an ill-typed field', { ...whole(), applied_at: 7 }],
    ['an id without a project', { ...whole(), agents: { pay: whole().agents['shop:pay'] } }],
  ])('is %s', (_name, content) => {
    const read = parse(content);

    expect(read).toMatchObject({ kind: 'none', why: expect.stringMatching(/^state\/applied\.json is /) });
    expect(read.bytes).toBeDefined();
  });

  test('is text that is not UTF-8', () => {
    expect(parseSnapshot(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({ kind: 'none' });
  });
});

test.each([3, 4])('a snapshot of schema %i is told apart', (schema) => {
  expect(parse({ schema, anything: 'else' })).toMatchObject({ kind: 'newer', schema });
});

test('an agent that went away is found by what the snapshot says of it', async () => {
  const entry: SnapshotAgent = {
    tmux_session: 'old-shop-pay',
    env_file: '/elsewhere/shop-pay.env',
    fingerprints: { env: '', mcp: '', role_prompt: { kind: 'none' } },
  };

  expect(specFromSnapshot('/t/.team', 'shop:pay', entry, 'tmux')).toEqual({
    id: 'shop:pay',
    project: 'shop',
    agent: 'pay',
    backend: 'tmux',
    session: 'old-shop-pay',
    wrapper: '/t/.team/bin/agent-wrapper.sh',
    cwd: '/t/.team',
    envFile: '/elsewhere/shop-pay.env',
  });
});

describe('merging', () => {
  const at = new Date('2026-01-02T03:04:05.678Z');
  const global = { supervisor_type: 'tmux', tmux_prefix: 'n-', broker_path: 'new.db' };
  const entry: SnapshotAgent = {
    tmux_session: 'n',
    env_file: '/n',
    fingerprints: { env: 'n', mcp: 'n', role_prompt: { kind: 'none' } },
  };

  test('touches only the agents of the operation', () => {
    const prior = goldenSnapshot();
    const merged = mergeSnapshot(
      prior,
      { at, started: new Map([['shop:pay', entry]]), removed: ['blog:editor'] },
      global,
    );

    expect([...merged.agents.keys()].sort()).toEqual(['blog:writer', 'shop:cart', 'shop:lead', 'shop:pay']);
    expect(merged.agents.get('shop:pay')).toEqual(entry);
    expect(merged.agents.get('shop:lead')).toBe(prior.agents.get('shop:lead'));
    expect(merged).toMatchObject({ applied_at: '2026-01-02T03:04:05Z', schema: 2 });
    expect(prior.agents.size).toBe(5);
  });

  test('leaves the digest while something stays pending', () => {
    const prior = goldenSnapshot();
    const { compose_digest, global: kept } = mergeSnapshot(prior, { at }, global);

    expect({ compose_digest, kept }).toEqual({ compose_digest: prior.compose_digest, kept: prior.global });
  });

  test('takes the new digest once all is settled', () => {
    const settled = { compose_digest: 'blake3:new', global };

    expect(mergeSnapshot(goldenSnapshot(), { at, settled }, global)).toMatchObject(settled);
  });

  test('of the first agents of a team leaves a digest no compose file has', () => {
    const merged = mergeSnapshot(undefined, { at, started: new Map([['shop:pay', entry]]) }, global);

    expect(merged).toMatchObject({ compose_digest: fingerprint(''), global });
    expect([...merged.agents.keys()]).toEqual(['shop:pay']);
  });
});

test('a file of nonsense does no harm', async () => {
  const root = temporaryDirectory();
  mkdirSync(`${root}/state`);
  writeFileSync(`${root}/state/applied.json`, '{"schema":2,"agents":{"__proto__":{}}}');

  expect(await readSnapshot(root)).toMatchObject({ kind: 'none' });
});
