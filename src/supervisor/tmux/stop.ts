import { type Bar, killAll, signalEach } from '../lifecycle/kill-all.ts';
import { firstAsk } from '../lifecycle/second-ask.ts';
import { createStop, type Stop, type StopLog, type StopMeans, type StopSettings } from '../lifecycle/stop.ts';
import type { Sight } from '../lifecycle/stop-view.ts';
import { forgetLife } from '../process/life-records.ts';
import { ourLine } from '../process/process-life.ts';
import type { Process } from '../process/process-table.ts';
import { SupervisorError } from '../supervisor.ts';
import type { FoundInTmux } from './find.ts';
import { capture, closePanes } from './panes.ts';
import { type Asking, type } from './send-keys.ts';
import type { Tmux } from './tmux.ts';

export interface Stopping extends StopSettings {
  readonly tmux: Tmux;
  readonly bar: Bar;
}

export function beginStop(found: FoundInTmux, stopping: Stopping): Stop {
  return createStop(found, stopping, (sight, log, lines) => meansOf(found, stopping, sight, log, lines));
}

function meansOf(
  { spec, panes, members, betweenLives, outlived, table }: FoundInTmux,
  { tmux, bar, clock, root }: Stopping,
  sight: Sight,
  log: StopLog,
  receiptLines: number,
): StopMeans {
  const send = signalEach(log.complain, bar);
  const asking: Asking = { tmux, clock, id: spec.id, panes, onSent: log.sent, onRefused: log.complain };

  return {
    isThere: members.length > 0 || betweenLives,
    loopSettlesWithinMs: 200,

    async prepare() {
      const line = ourLine(table);
      if (panes.some((pane) => line.includes(pane.pid))) {
        throw new SupervisorError(`cannot stop ${spec.id}: Muster itself runs inside its tmux pane`);
      }
      return (await Promise.all(panes.map((pane) => capture(tmux, pane, receiptLines)))).flat();
    },

    ask: () => (outlived ? interrupt() : type(firstAsk, asking)),
    askAgain: (ask) => (outlived ? interrupt() : type(ask, asking)),

    async force() {
      const atMs = log.elapsed();
      const [survivors] = await Promise.all([kill(log.sent), close()]);
      // Where a closing pane was quicker than we: the hang-up came from its terminal.
      const hungUp = panes.filter((pane) => !pane.dead).length;
      if (hungUp > 0 && !log.hasSent('HUP')) log.sent('HUP', hungUp, atMs);
      return survivors;
    },

    async endLoop() {
      const survivors = await kill(() => {});
      await close();
      return survivors;
    },

    async conclude(survivors) {
      if (survivors.length === 0) await forgetLife(root, spec).catch(log.complain);
      return { killed: false, survivors };
    },
  };

  /** What the terminal would do at Ctrl-C, for what has none any more. */
  async function interrupt(): Promise<void> {
    const asked = sight.members().map(({ process }) => process);
    log.sent('INT', await send('INT', asked));
  }

  function kill(onSent: StopLog['sent']): Promise<readonly Process[]> {
    return killAll({ survey: sight.survey, clock, onSent, send });
  }

  async function close(): Promise<void> {
    for (const complaint of await closePanes(tmux, panes)) log.complain(complaint);
  }
}
