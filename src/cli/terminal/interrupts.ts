import { readFileSync } from 'node:fs';
import process from 'node:process';

/** What one press sends more than once, as npm passes on a signal that the terminal has sent to all, comes within this, in milliseconds. */
const samePressMs = 500;

const ctrlC = 3;

/**
 * Calls back at each Ctrl-C, SIGINT or SIGTERM, until the function it gives is called. In a terminal the key is read as a key: as a signal
 * it would end the programs under way, too. A terminal that goes away ends nothing.
 */
export function onInterrupt(
  input: NodeJS.ReadStream,
  interrupted: () => void,
  inForeground = isInForeground(),
): () => void {
  let last = 0;
  const bySignal = () => {
    if (Date.now() - last < samePressMs) return;
    last = Date.now();
    interrupted();
  };
  const byKey = (keys: Buffer) => {
    for (const key of keys) if (key === ctrlC) interrupted();
  };
  const hungUp = () => {};
  const readsKeys = input.isTTY && inForeground;
  process.on('SIGINT', bySignal).on('SIGTERM', bySignal).on('SIGHUP', hungUp);
  if (readsKeys) {
    input.setRawMode(true);
    input.on('data', byKey).on('error', hungUp).resume();
  }
  return () => {
    process.off('SIGINT', bySignal).off('SIGTERM', bySignal).off('SIGHUP', hungUp);
    if (!readsKeys) return;
    input.off('data', byKey).pause();
    input.setRawMode(false);
  };
}

/** Whoever changes the terminal from the background is stopped. */
function isInForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return true;
  }
}
