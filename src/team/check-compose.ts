import { checkEnvValue } from './check-env-value.ts';
import { type Complaint, complaintAt, eitherOf, type Located, quoted } from './complaint.ts';
import type { ComposeFile } from './compose-file.ts';

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
