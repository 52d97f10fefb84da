import { type FSWatcher, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Tells when our launcher or wrapper has written down how an agent ended. */
export interface EndsWatch {
  /** Looks whether the directory is still the one that is watched; says whether it had to begin anew. */
  renew(): boolean;
  /** Ends are told. */
  readonly works: boolean;
  close(): void;
}

/** `onEnd` gets the agent's file name, `PROJECT-AGENT`. Where the host refuses a watch nothing is told; looks find the end, later. */
export function watchEnds(root: string, onEnd: (key: string) => void): EndsWatch {
  const directory = join(root, 'state', 'muster', 'ends');
  let watcher: FSWatcher | undefined;
  let watched: number | undefined;
  renew();

  return {
    renew,
    get works() {
      return watcher !== undefined;
    },
    close: () => watcher?.close(),
  };

  /** The first agent's launcher makes the directory. */
  function renew(): boolean {
    const ino = inodeOf(directory);
    if (ino === watched) return false;
    watcher?.close();
    watcher = ino === undefined ? undefined : open();
    watched = ino;
    return true;
  }

  function open(): FSWatcher | undefined {
    try {
      const opened = watch(directory, { persistent: false }, (_, name) => {
        if (name !== null) onEnd(name);
      });
      opened.on('error', () => opened.close());
      return opened;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return undefined;
    }
  }
}

/** Undefined where there is no such directory, or no way to it. */
function inodeOf(path: string): number | undefined {
  try {
    const found = statSync(path);
    return found.isDirectory() ? found.ino : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
