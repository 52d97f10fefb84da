import * as z from 'zod';
import { type AgentId, type AgentSpec, splitAgentId } from '../../domain/agent.ts';
import { readRegular, UnreadableFileError } from '../bounded-read.ts';
import { byByteOrder, joinAsWritten, wrapperPath } from '../names.ts';
import type { Team } from '../team.ts';
import { type Fingerprint, type Fingerprints, fingerprint } from './fingerprint.ts';

export interface SnapshotChange {
  readonly at: Date;
  /** Agents that were (re)started, or adopted, with the files that now lie on disk. */
  readonly started?: ReadonlyMap<AgentId, SnapshotAgent>;
  readonly removed?: Iterable<AgentId>;
  /**
   * The compose file as it is now; only to be given when no agent's change stays pending.
   * Until then the older digest stays, so that teamctl's next reload sees that there is something to do.
   */
  readonly settled?: { readonly compose_digest: Fingerprint; readonly global: SnapshotGlobal };
}

/** The snapshot after an operation. What the operation did not touch stays as it was. */
export function mergeSnapshot(
  prior: Snapshot | undefined,
  change: SnapshotChange,
  /** For a team that has no snapshot yet. */
  firstGlobal: SnapshotGlobal,
): Snapshot {
  const agents = new Map(prior?.agents);
  for (const id of change.removed ?? []) agents.delete(id);
  for (const [id, agent] of change.started ?? []) agents.set(id, agent);
  return {
    schema: 2,
    applied_at: change.at.toISOString().replace(/\.\d+Z$/, 'Z'),
    compose_digest: change.settled?.compose_digest ?? prior?.compose_digest ?? fingerprint(''),
    global: change.settled?.global ?? prior?.global ?? firstGlobal,
    agents,
  };
}

/** What is read of a snapshot; other fields are accepted and dropped. */
export const snapshotSchema = z.object({
  schema: z.literal(2),
  applied_at: z.string(),
  compose_digest: z.string(),
  global: z.object({ supervisor_type: z.string(), tmux_prefix: z.string(), broker_path: z.string() }),
  agents: z.record(
    z.templateLiteral([z.string(), ':', z.string()]),
    z.object({
      tmux_session: z.string(),
      env_file: z.string(),
      fingerprints: z.object({
        env: z.string(),
        mcp: z.string(),
        role_prompt: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('none') }),
          z.object({ kind: z.literal('missing'), path: z.string() }),
          z.object({ kind: z.literal('present'), hash: z.string() }),
        ]),
      }),
    }),
  ),
});

export const newerSnapshotSchema = z.object({ schema: z.int().min(3) });

/** `state/applied.json`, schema 2: what was last started, with which files. */
export interface Snapshot {
  readonly schema: 2;
  /** UTC, RFC 3339, whole seconds. */
  readonly applied_at: string;
  /** Of `team-compose.yaml` alone. */
  readonly compose_digest: Fingerprint;
  readonly global: SnapshotGlobal;
  readonly agents: ReadonlyMap<AgentId, SnapshotAgent>;
}

export interface SnapshotGlobal {
  readonly supervisor_type: string;
  readonly tmux_prefix: string;
  readonly broker_path: string;
}

export interface SnapshotAgent {
  readonly tmux_session: string;
  readonly env_file: string;
  readonly fingerprints: Fingerprints;
}

/** `bytes`: what was read, to notice a change made meanwhile; absent if there is no file, or none that may be read. */
export type SnapshotRead =
  | { readonly kind: 'none'; readonly why: string; readonly isMissing?: true; readonly bytes?: Uint8Array }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly bytes: Uint8Array }
  | { readonly kind: 'newer'; readonly schema: number; readonly bytes: Uint8Array };

export function snapshotPath(root: string): string {
  return joinAsWritten(root, 'state/applied.json');
}

/** Thousands of agents, in bytes. */
export const longestSnapshot = 4 * 1024 * 1024;

/** Whatever is not a whole snapshot of a known schema is none, as it is to teamctl; only a newer one is told apart. */
export async function readSnapshot(root: string): Promise<SnapshotRead> {
  try {
    const read = await readRegular(snapshotPath(root), longestSnapshot, 'refused');
    if (read !== undefined) return parseSnapshot(read.bytes);
    return { kind: 'none', why: 'there is no state/applied.json yet', isMissing: true };
  } catch (error) {
    if (error instanceof UnreadableFileError) return { kind: 'none', why: error.message };
    throw error;
  }
}

export function parseSnapshot(bytes: Uint8Array): SnapshotRead {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { kind: 'none', why: `state/applied.json is not JSON: ${(error as Error).message}`, bytes };
  }
  const newer = newerSnapshotSchema.safeParse(content);
  if (newer.success) return { kind: 'newer', schema: newer.data.schema, bytes };
  const parsed = snapshotSchema.safeParse(content);
  if (!parsed.success) {
    return { kind: 'none', why: `state/applied.json is no snapshot: ${firstIssue(parsed.error)}`, bytes };
  }
  const agents = new Map(Object.entries(parsed.data.agents) as [AgentId, SnapshotAgent][]);
  return { kind: 'snapshot', snapshot: { ...parsed.data, agents }, bytes };
}

/** Byte for byte what teamctl writes for the same content. */
export function formatSnapshot({ applied_at, compose_digest, global, agents }: Snapshot): string {
  const { supervisor_type, tmux_prefix, broker_path } = global;
  const sorted = [...agents].sort(([left], [right]) => byByteOrder(left, right));
  return JSON.stringify(
    {
      schema: 2,
      applied_at,
      compose_digest,
      global: { supervisor_type, tmux_prefix, broker_path },
      agents: Object.fromEntries(sorted.map(([id, agent]) => [id, inFileOrder(agent)])),
    },
    null,
    2,
  );
}

export function snapshotGlobal(team: Team): SnapshotGlobal {
  return {
    supervisor_type: team.supervisorType,
    tmux_prefix: team.tmuxPrefix,
    broker_path: team.brokerPath,
  };
}

export function composeDigest(team: Team): Fingerprint {
  return fingerprint(team.composeBytes);
}

/** How an agent of the snapshot was started, which is how it is stopped: the team may name it otherwise by now, or not at all. */
export function specFromSnapshot(
  root: string,
  id: AgentId,
  entry: SnapshotAgent,
  backend: string,
): AgentSpec {
  return {
    id,
    ...splitAgentId(id),
    backend,
    session: entry.tmux_session,
    wrapper: wrapperPath(root),
    cwd: root,
    envFile: entry.env_file,
  };
}

function inFileOrder({ tmux_session, env_file, fingerprints: { env, mcp, role_prompt } }: SnapshotAgent) {
  const { kind } = role_prompt;
  const prompt =
    kind === 'present'
      ? { kind, hash: role_prompt.hash }
      : kind === 'missing'
        ? { kind, path: role_prompt.path }
        : { kind };
  return { tmux_session, env_file, fingerprints: { env, mcp, role_prompt: prompt } };
}

function firstIssue(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const [issue] = error.issues;
  return issue === undefined ? 'unknown shape' : `${issue.path.join('.')}: ${issue.message}`;
}
