import { type Selection, wholeTeam } from '../../domain/selection.ts';
import { parseSelection, selectionName } from '../../language/selection.ts';
import { endMute, muteAlerts } from '../commands/mute.ts';
import type { Action } from './button.ts';

const oneHourMs = 3_600_000;

/** The same as typing `/team reload`. */
export const alertReload: Action = {
  id: 'alert_reload',
  effect: 'changes',
  async run({ asker, value }, { requests }) {
    const selection = selectionFrom(value);
    const text = `[Reload ${selectionName(selection)}]`;
    await requests.request({ verb: 'reload', selection, force: false, askedBy: asker.person, text }, asker);
  },
};

/** The same as typing `/team mute`. */
export const alertMute: Action = {
  id: 'alert_mute',
  effect: 'changes',
  run: ({ asker, value }, desk) => muteAlerts(selectionFrom(value), oneHourMs, asker, desk),
};

/** The same as typing `/team unmute`. */
export const muteEnd: Action = {
  id: 'mute_end',
  effect: 'changes',
  run: ({ asker, value, reply }, desk) => endMute(selectionFrom(value), asker, reply, desk),
};

function selectionFrom(value: string): Selection {
  return parseSelection(value === wholeTeam ? undefined : value);
}
