import { mapOf, struct } from './yaml-maps.ts';
import type { Broken } from './yaml-reader.ts';
import { anything, listOf, optional, text, withDefault } from './yaml-reader.ts';
import { float, oneOf, u32, u64 } from './yaml-scalars.ts';

export type ComposeFile = Exclude<ReturnType<typeof readComposeFile>, Broken>;

/** `team-compose.yaml`, with the types and defaults teamctl gives every key of it, also those that change nothing here. */
export const readComposeFile = struct({
  version: u32,
  broker: struct({
    type: withDefault(text, 'sqlite'),
    path: withDefault(text, 'state/mailbox.db'),
  }),
  supervisor: struct({
    type: withDefault(text, 'tmux'),
    tmux_prefix: withDefault(text, 'a-'),
    drain_timeout_secs: withDefault(u64, 10),
  }),
  budget: struct({
    daily_usd_limit: optional(float),
    warn_threshold_pct: optional(u32),
    message_ttl_hours: optional(u32),
    per_project_usd_limit: mapOf(float),
  }),
  hitl: struct({
    globally_sensitive_actions: listOf(text),
    auto_approve_windows: listOf(
      struct({
        action: text,
        project: optional(text),
        agent: optional(text),
        scope: optional(text),
        until: text,
      }),
    ),
  }),
  rate_limits: struct({
    default_on_hit: listOf(text),
    hooks: listOf(
      struct({
        name: text,
        action: oneOf('wait', 'send', 'webhook', 'run'),
        to: optional(text),
        template: optional(text),
        url: optional(text),
        url_env: optional(text),
        method: optional(text),
        command: listOf(text),
      }),
    ),
    fallback_wait_seconds: optional(u64),
  }),
  interfaces: listOf(struct({ type: text, name: text, config: anything })),
  projects: listOf(struct({ file: text })),
});
