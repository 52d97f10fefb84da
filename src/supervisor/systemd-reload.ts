import { SupervisorError } from './supervisor.ts';
import type { RunProgram } from './systemd-command.ts';

/** Has systemd read the units again. Whoever asks while one is under way waits, with all others, for the next. */
export function createReload(run: RunProgram): () => Promise<void> {
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  return () => {
    next ??= current.then(reload, reload);
    return next;
  };

  async function reload(): Promise<void> {
    current = next ?? current;
    next = undefined;
    const answer = await run('systemctl', ['daemon-reload']);
    if (answer.kind !== 'done') throw new SupervisorError(answer.reason);
  }
}
