import type { Clock } from './clock.ts';
import type { Launchd } from './launchd-agents.ts';
import { launchctlCode } from './launchd-command.ts';
import type { Job } from './launchd-job.ts';

const goneWithinMs = 8000;
const pollMs = 100;

/** launchd is on its way, or has nothing to do. */
const harmless: readonly number[] = [
  launchctlCode.noSuchProcess,
  launchctlCode.inProgress,
  launchctlCode.noSuchService,
];

/** Tells launchd to end the job and never to start it again; launchd answers before it has done so. Resolves to its complaint. */
export async function bootOut({ launchctl, domain }: Launchd, { label }: Job): Promise<string | undefined> {
  const answer = await launchctl(['bootout', `${domain}/${label}`]);
  if (answer.kind === 'done') return undefined;
  return answer.kind === 'refused' && harmless.includes(answer.code) ? undefined : answer.reason;
}

/** Until launchd has forgotten the job, it refuses a new one of that label. Resolves to what is in the way. */
export async function untilGone(
  { launchctl, domain }: Launchd,
  { label }: Job,
  clock: Clock,
): Promise<string | undefined> {
  const deadline = clock.now() + goneWithinMs;
  while (true) {
    const answer = await launchctl(['print', `${domain}/${label}`]);
    if (answer.kind === 'refused' && answer.code === launchctlCode.noSuchService) return undefined;
    if (answer.kind !== 'done') return answer.reason;
    if (clock.now() >= deadline)
      return `launchd still has the job ${label} ${goneWithinMs / 1000} s after bootout`;
    await clock.sleep(pollMs);
  }
}
