import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { readRegular } from '../bounded-read.ts';
import { rolePromptPath } from '../names.ts';
import type { Agent, Team } from '../team.ts';

/** `blake3:` and 64 hexadecimal digits. */
export type Fingerprint = string;

export type RolePromptFingerprint =
  | { readonly kind: 'none' }
  /** The path as written in the project's file. */
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'present'; readonly hash: Fingerprint };

/** What the snapshot remembers of the files an agent was started with. */
export interface Fingerprints {
  readonly env: Fingerprint;
  readonly mcp: Fingerprint;
  readonly role_prompt: RolePromptFingerprint;
}

export function fingerprint(content: string | Uint8Array): Fingerprint {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return `blake3:${bytesToHex(blake3(bytes))}`;
}

/** Far above what any runtime takes, in bytes. */
export const longestRolePrompt = 1024 * 1024;

/** A role prompt that cannot be read, for whatever reason, counts as missing. */
export async function fingerprintRolePrompt(team: Team, agent: Agent): Promise<RolePromptFingerprint> {
  const path = rolePromptPath(team, agent);
  if (path === undefined || agent.rolePrompt === undefined) return { kind: 'none' };
  const read = await readRegular(path, longestRolePrompt, 'followed').catch(() => undefined);
  return read === undefined
    ? { kind: 'missing', path: agent.rolePrompt }
    : { kind: 'present', hash: fingerprint(read.bytes) };
}

/** teamctl's labels for what differs, in its order. */
export type ChangeLabel = 'env' | 'mcp' | 'role_prompt';

export function changesBetween(before: Fingerprints, after: Fingerprints): readonly ChangeLabel[] {
  const labels: ChangeLabel[] = [];
  if (before.env !== after.env) labels.push('env');
  if (before.mcp !== after.mcp) labels.push('mcp');
  if (!sameRolePrompt(before.role_prompt, after.role_prompt)) labels.push('role_prompt');
  return labels;
}

function sameRolePrompt(before: RolePromptFingerprint, after: RolePromptFingerprint): boolean {
  if (before.kind === 'present') return after.kind === 'present' && before.hash === after.hash;
  if (before.kind === 'missing') return after.kind === 'missing' && before.path === after.path;
  return after.kind === 'none';
}
