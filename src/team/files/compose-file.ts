import { type Complaint, checkEnvValue, complaintAt, eitherOf, type Located, quoted } from './complaint.ts';
import { mapOf, struct } from './yaml-maps.ts';
import {
  anything,
  type Broken,
  float,
  listOf,
  oneOf,
  optional,
  text,
  u32,
  u64,
  withDefault,
} from './yaml-reader.ts';

const LONGEST_DRAIN_SECS = 600;

/** What must hold of `team-compose.yaml` besides its shape. */
export function checkCompose(
  { broker, supervisor }: ComposeFile,
  supervisorTypes: readonly string[],
  complaints: Complaint[],
): void {
  const refuse = ({ value, place }: Located<string | number>, expected: string, fix?: string) => {
    const found = typeof value === 'string' ? quoted(value) : String(value);
    complaints.push(complaintAt(place, { found, expected, ...(fix !== undefined && { fix }) }));
  };

  if (broker.type.value !== 'sqlite') refuse(broker.type, 'sqlite');
  if (!supervisorTypes.includes(supervisor.type.value)) refuse(supervisor.type, eitherOf(supervisorTypes));
  if (supervisor.drain_timeout_secs.value > LONGEST_DRAIN_SECS) {
    refuse(supervisor.drain_timeout_secs, `between 0 and ${LONGEST_DRAIN_SECS} (seconds)`);
  }
  const misread = misreadByTmux(supervisor.tmux_prefix.value);
  if (misread !== undefined) {
    refuse(
      supervisor.tmux_prefix,
      'made of characters that tmux takes as they are, such as letters, digits, - and _',
      `tmux gives ${misread} in a session name a meaning of its own.`,
    );
  }
  checkEnvValue(broker.path, complaints);
}

/** The first thing in a prefix that tmux would expand, rewrite, match with, or take for an id or an option. */
function misreadByTmux(prefix: string): string | undefined {
  const inside = /[#.:$\\;*?[\s\p{C}]/u.exec(prefix)?.[0];
  if (inside !== undefined) return quoted(inside);
  const leading = /^[=@%-]/.exec(prefix)?.[0];
  return leading === undefined ? undefined : `a leading ${quoted(leading)}`;
}

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
