import type { Ask } from '../../domain/agent.ts';
import { killAll, signalEach } from '../lifecycle/kill-all.ts';
import { firstAsk } from '../lifecycle/second-ask.ts';
import { createStop, type Stop, type StopLog, type StopMeans, type StopSettings } from '../lifecycle/stop.ts';
import type { Sight } from '../lifecycle/stop-view.ts';
import type { Clock } from '../process/clock.ts';
import { ourLine, signal } from '../process/process-life.ts';
import type { Process } from '../process/process-table.ts';
import { SupervisorError } from '../supervisor.ts';
import type { FoundInLaunchd, Launchd } from './find.ts';
import type { Job } from './job.ts';
import { launchctlCode } from './launchctl.ts';
import { readTail } from './log-file.ts';

export type Stopping = StopSettings & Launchd;

export function beginStop(found: FoundInLaunchd, stopping: Stopping): Stop {
  return createStop(found, stopping, (sight, log, lines) => meansOf(found, stopping, sight, log, lines));
}

function meansOf(
  { spec, job, root, listed, members, willRestart, table }: FoundInLaunchd,
  stopping: Stopping,
  sight: Sight,
  log: StopLog,
  receiptLines: number,
): StopMeans {
  const { clock } = stopping;

  return {
    isThere: members.length > 0 || willRestart,
    loopSettlesWithinMs: 200,

    async prepare() {
      if (root && ourLine(table).includes(root.pid)) {
        throw new SupervisorError(`cannot stop ${spec.id}: Muster itself runs inside its launchd job`);
      }
      return listed ? readTail(job.log, receiptLines) : [];
    },

    ask: () => interrupt(firstAsk),
    askAgain: interrupt,

    async force() {
      if (root && listed) log.sent('TERM', 1);
      return unload(log.sent);
    },

    endLoop: () => unload(() => {}),
  };

  /**
   * What Ctrl-C does in a terminal, which a job has not: SIGINT to the whole of the job's session, the launcher first. `launchctl kill`
   * would reach the launcher alone, and a shell acts on a signal only when what it runs has ended.
   */
  async function interrupt({ keys, gapMs }: Ask): Promise<void> {
    for (const [index, key] of keys.entries()) {
      if (index > 0) await clock.sleep(gapMs);
      if (key !== 'C-c') {
        log.complain(`${spec.id} has no terminal: the key ${key} was not typed`);
        continue;
      }
      const living = sight.members().map(({ process }) => process);
      const targets = living.filter(({ sid }) => sid === root?.sid);
      log.sent(key, targets.length);
      for (const target of targets) await signal(target, 'SIGINT').catch(log.complain);
    }
  }

  /** launchd is told first: it would start again what it sees killed. */
  async function unload(onSent: StopLog['sent']): Promise<readonly Process[]> {
    const refusal = listed ? await bootOut(stopping, job) : undefined;
    const send = signalEach(log.complain);
    const survivors = await killAll({ survey: sight.survey, clock, onSent, send });
    const obstacle = refusal ?? (listed ? await untilGone(stopping, job, clock) : undefined);
    if (obstacle !== undefined) log.complain(obstacle);
    return survivors;
  }
}

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
