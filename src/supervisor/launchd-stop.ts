import type { Ask } from '../team/ask.ts';
import { killAll, signalEach } from './kill-all.ts';
import type { FoundInLaunchd, Launchd } from './launchd-agents.ts';
import { readTail } from './launchd-log.ts';
import { bootOut, untilGone } from './launchd-unload.ts';
import { ourLine, signal } from './process-life.ts';
import type { Process } from './process-table.ts';
import { firstAsk } from './runtimes.ts';
import { createStop, type Stop, type StopMeans, type StopSettings } from './stop.ts';
import type { StopLog } from './stop-log.ts';
import type { Sight } from './stop-sight.ts';
import { SupervisorError } from './supervisor.ts';

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
