import type { Supervisor } from './supervisor.ts';
import { TmuxSupervisor, type TmuxSupervisorOptions } from './tmux.ts';

/** Every way of keeping agents running, by the name that `supervisor.type` uses. A new one: its file, and its line here. */
export const backends: Readonly<Record<string, (options: TmuxSupervisorOptions) => Supervisor>> = {
  tmux: (options) => new TmuxSupervisor(options),
};

export const backendNames: readonly string[] = Object.keys(backends);
