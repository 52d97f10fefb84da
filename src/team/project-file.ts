import { isSeq } from 'yaml';
import type { Located } from './complaint.ts';
import { mapOf, struct } from './yaml-maps.ts';
import { type Broken, isNothing, listOf, optional, type Reader, text, withDefault } from './yaml-reader.ts';
import { oneOf, u32 } from './yaml-scalars.ts';

export type ProjectFile = Exclude<ReturnType<typeof readProjectFile>, Broken>;
export type AgentEntry = ProjectFile['managers'][number];

export const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/** `"*"` stands for everybody; so does any other text, which teamctl accepts. */
const members: Reader<'everybody' | readonly Located<string>[]> = (at) => {
  if (isNothing(at.node) || isSeq(at.node)) return listOf(text)(at);
  const all = text(at);
  return typeof all === 'symbol' ? all : 'everybody';
};

const agent = struct({
  runtime: withDefault(text, 'claude-code'),
  model: optional(text),
  role_prompt: optional(text),
  permission_mode: optional(text),
  autonomy: withDefault(text, 'low_risk_only'),
  can_dm: listOf(text),
  can_broadcast: listOf(text),
  reports_to: optional(text),
  on_rate_limit: optional(listOf(text)),
  effort: optional(oneOf(...efforts)),
  interfaces: struct({
    telegram: optional(struct({ bot_token_env: text, chat_ids_env: text })),
  }),
});

/** `projects/*.yaml`, with the types and defaults teamctl gives every key of it. */
export const readProjectFile = struct({
  version: u32,
  project: struct({ id: text, name: text, cwd: text }),
  channels: listOf(struct({ name: text, members })),
  managers: mapOf(agent),
  workers: mapOf(agent),
});
