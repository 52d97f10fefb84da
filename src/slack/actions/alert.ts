import { type Selection, selectionName } from '../../operations/operation.ts';
import { wholeTeam } from '../../watch/mutes.ts';
import type { Action } from '../action.ts';
import { parseSelection } from '../command.ts';
import { mute, unmute } from '../muting.ts';

const oneHourMs = 3_600_000;

/** The same as typing `/team reload`. */
export const alertReload: Action = {
  id: 'alert_reload',
  effect: 'changes',
  async run({ asker, value }, { conductor }) {
    const selection = selectionFrom(value);
    const text = `[Reload ${selectionName(selection)}]`;
    await conductor.request({ verb: 'reload', selection, force: false, askedBy: asker.person, text }, asker);
  },
};

/** The same as typing `/team mute`. */
export const alertMute: Action = {
  id: 'alert_mute',
  effect: 'changes',
  run: ({ asker, value }, desk) => mute(selectionFrom(value), oneHourMs, asker, desk),
};

/** The same as typing `/team unmute`. */
export const muteEnd: Action = {
  id: 'mute_end',
  effect: 'changes',
  run: ({ asker, value, reply }, desk) => unmute(selectionFrom(value), asker, reply, desk),
};

function selectionFrom(value: string): Selection {
  return parseSelection(value === wholeTeam ? undefined : value);
}
