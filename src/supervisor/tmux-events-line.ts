import type { Clock } from './clock.ts';
import { probe, socketPath, type Tmux } from './tmux-command.ts';
import { type ControlClient, type ControlOptions, openControl } from './tmux-control.ts';
import { listPanes, type PaneListing } from './tmux-panes.ts';

/** The way to a tmux server that comes and goes: a client in control mode while there is anything in the server, else none. */
export interface Line {
  list(): Promise<PaneListing>;
  /** Opens the client, or closes it, as the last list wants it; says whether events have begun to come. */
  adjust(): Promise<boolean>;
  /** Events come. */
  isOpen(): boolean;
  /** There was no server at the last list, and there still is none. */
  isStillAbsent(): Promise<boolean>;
  close(): Promise<void>;
}

export interface LineOptions extends Omit<ControlOptions, 'onEnd' | 'timeoutMs'> {
  /** Asks by a process of its own. */
  readonly tmux: Tmux;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly onLost: () => void;
}

/** A client that ended or did not open so soon after the last try is not opened again at once. */
const patienceMs = 250;
/** Where it does not open at all, as with a tmux too old for it. */
const longPatienceMs = 5000;

export function createLine(options: LineOptions): Line {
  const { tmux, env, clock, timeoutMs } = options;
  let client: ControlClient | undefined;
  let last: 'nothing yet' | 'unknown' | 'empty' | 'in use' = 'nothing yet';
  let openNotBefore = Number.NEGATIVE_INFINITY;

  return { list, adjust, isOpen: () => client !== undefined, isStillAbsent, close };

  async function list(): Promise<PaneListing> {
    const asked = client;
    let listing = await listPanes(asked?.ask ?? tmux, timeoutMs);
    // It may have been the client alone that ended.
    if (asked !== undefined && client === undefined) listing = await listPanes(tmux, timeoutMs);
    last = listing.kind === 'unknown' ? 'unknown' : listing.panes.length === 0 ? 'empty' : 'in use';
    return listing;
  }

  async function adjust(): Promise<boolean> {
    if (client !== undefined && last === 'empty') await close();
    if (client !== undefined || last !== 'in use' || clock.now() < openNotBefore) return false;
    openNotBefore = clock.now() + patienceMs;
    client = await open();
    if (client === undefined) openNotBefore = clock.now() + longPatienceMs;
    return client !== undefined;
  }

  async function open(): Promise<ControlClient | undefined> {
    let hasEnded = false;
    const opened = await openControl({
      ...options,
      onEnd: () => {
        hasEnded = true;
        client = undefined;
        options.onLost();
      },
    });
    return hasEnded ? undefined : opened;
  }

  async function isStillAbsent(): Promise<boolean> {
    return last === 'empty' && client === undefined && (await probe(socketPath(env))) === 'absent';
  }

  async function close(): Promise<void> {
    const closing = client;
    client = undefined;
    await closing?.close();
  }
}
