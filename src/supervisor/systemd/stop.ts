import process from 'node:process';
import { killAfterMs, killAll } from '../lifecycle/kill-all.ts';
import { createStop, type Stop, type StopLog, type StopMeans, type StopSettings } from '../lifecycle/stop.ts';
import type { Sight } from '../lifecycle/stop-view.ts';
import type { Process } from '../process/process-table.ts';
import { SupervisorError } from '../supervisor.ts';
import type { FoundInSystemd } from './find.ts';
import { createUnitControl, type UnitControlSettings } from './unit-control.ts';
import { readJournal } from './units.ts';

export type Stopping = StopSettings & UnitControlSettings;

/** How much longer than us systemd waits, so that it is we who hang up and say TERM before anybody kills. */
const systemdWaitsLongerMs = 2 * killAfterMs;

export function beginStop(found: FoundInSystemd, stopping: Stopping): Stop {
  return createStop(found, stopping, (sight, log, lines) => meansOf(found, stopping, sight, log, lines));
}

function meansOf(
  found: FoundInSystemd,
  stopping: Stopping,
  sight: Sight,
  log: StopLog,
  receiptLines: number,
): StopMeans {
  const { spec, members, betweenLives, unitName } = found;
  const { clock, run, manager } = stopping;
  const unit = createUnitControl(found, stopping);
  const isThere = members.length > 0 || betweenLives;

  return {
    isThere,
    // What keeps the agent's terminal ends after it.
    loopSettlesWithinMs: 1000,

    async prepare() {
      if (members.some((member) => member.process.pid === process.pid)) {
        throw new SupervisorError(`cannot stop ${spec.id}: Muster itself runs inside its unit`);
      }
      if (members.length === 0) return [];
      await unit.remember();
      return readJournal(run, manager, unitName, receiptLines).catch((error: Error) => {
        log.complain(error);
        return [];
      });
    },

    allow: (budgetMs) => unit.allow(budgetMs + systemdWaitsLongerMs),

    ask() {
      log.sent('C-c', 1);
      return unit.ask();
    },

    async askAgain({ keys, gapMs }) {
      for (const [index, key] of keys.entries()) {
        if (index > 0) await clock.sleep(gapMs);
        if (key !== 'C-c') throw new SupervisorError(`under systemd "${key}" cannot be typed, only C-c`);
        log.sent(key, 1);
        await unit.signal('main', 'INT');
      }
    },

    force: () => kill(log.sent),
    endLoop: () => kill(() => {}),

    /** Sees systemd through with it: where we came too late it was systemd that killed. */
    async conclude(survivors) {
      if (!isThere) {
        await unit.forget();
        return { killed: false, survivors };
      }
      const last = sight.members().length;
      const killed = await unit.conclude().catch((error: Error) => {
        log.complain(error);
        return false;
      });
      if (killed && !log.hasSent('KILL')) log.sent('KILL', Math.max(1, last));
      const left = (await sight.survey()).length > 0 ? await kill(log.sent) : survivors;
      if (left.length === 0) await unit.forget().catch(log.complain);
      return { killed, survivors: left };
    },
  };

  /** By the unit and not one by one: nothing leaves its cgroup by forking. */
  function kill(onSent: StopLog['sent']): Promise<readonly Process[]> {
    return killAll({
      clock,
      onSent,
      survey: sight.survey,
      async send(signal, targets) {
        await unit.signal('all', signal).catch(log.complain);
        return targets.length;
      },
    });
  }
}
