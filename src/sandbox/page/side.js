import { byId } from './elements.js';
import { state } from './state.js';

/** On a narrow screen the host covers the channel, so there it is shown only when asked for. */
const narrow = matchMedia('(max-width: 900px)');
let hostWanted = !narrow.matches;

/** Shows the thread, or else the host if it is wanted. */
export function showSide(side) {
  const shown = side === 'thread' ? 'thread' : hostWanted ? 'host' : 'none';
  byId('frame').dataset.side = shown;
  byId('thread').hidden = shown !== 'thread';
  byId('host').hidden = shown !== 'host';
  byId('show-host').setAttribute('aria-expanded', String(shown === 'host'));
}

export function wantHost(wanted) {
  hostWanted = wanted;
  state.thread = undefined;
  showSide('host');
}

export function hostIsShown() {
  return !byId('host').hidden;
}

/** Gives the channel back its room, where there is only room for one. */
export function makeRoom() {
  if (narrow.matches) wantHost(false);
}
