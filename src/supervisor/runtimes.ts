/** Keys typed into the agent's terminal, one after the other. */
export interface Ask {
  /** As tmux names them. */
  readonly keys: readonly string[];
  readonly gapMs: number;
}

/** Every agent is asked this way first, whatever its runtime. */
export const firstAsk: Ask = { keys: ['C-c'], gapMs: 0 };

/** How to ask once more at half the budget. A runtime that isn't listed is asked once. */
export const secondAsks: Readonly<Record<string, Ask>> = {
  'claude-code': { keys: ['C-c', 'C-c'], gapMs: 200 },
  codex: { keys: ['C-c'], gapMs: 0 },
  gemini: { keys: ['C-c', 'C-c'], gapMs: 200 },
};
