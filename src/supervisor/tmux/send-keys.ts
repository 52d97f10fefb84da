import type { AgentId, Ask } from '../../domain/agent.ts';
import type { Clock } from '../process/clock.ts';
import { SupervisorError } from '../supervisor.ts';
import { inPane, type Pane } from './panes.ts';
import type { Tmux } from './tmux.ts';

export interface Asking {
  readonly tmux: Tmux;
  readonly clock: Clock;
  readonly id: AgentId;
  readonly panes: readonly Pane[];
  onSent(key: string, panes: number): void;
  onRefused(reason: string): void;
}

/** Types the keys into the agent's panes; throws `SupervisorError` if tmux cannot be asked to. */
export async function type({ keys, gapMs }: Ask, asking: Asking): Promise<void> {
  for (const [index, key] of keys.entries()) {
    if (index > 0) await asking.clock.sleep(gapMs);
    const asked = asking.panes.filter((pane) => !pane.dead).map((pane) => typeInto(pane, key, asking));
    asking.onSent(key, asked.length);
    await Promise.all(asked);
  }
}

/**
 * In copy-mode the key would go to tmux and not to the agent; where panes of a window are synchronised it would go to
 * everybody's as well.
 */
async function typeInto(pane: Pane, key: string, { tmux, id, onRefused }: Asking): Promise<void> {
  const alone = `set-option -p -t ${pane.id} synchronize-panes off`;
  const answer = await inPane(
    tmux,
    pane,
    `copy-mode -q -t ${pane.id} ; ${alone} ; send-keys -t ${pane.id} ${key}`,
  );
  if (answer.kind === 'unknown') throw new SupervisorError(`cannot ask ${id} to stop: ${answer.reason}`);
  if (answer.kind === 'refused') onRefused(answer.reason);
}
