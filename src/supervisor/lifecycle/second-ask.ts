import type { AgentSpec, Ask } from '../../domain/agent.ts';

/** Every agent is asked this way first, whatever its runtime. */
export const firstAsk: Ask = { keys: ['C-c'], gapMs: 0 };

/** How to ask once more at half the budget. A runtime that is neither listed nor says so in its own file is asked once. */
const secondAsks: Readonly<Record<string, Ask>> = {
  'claude-code': { keys: ['C-c', 'C-c'], gapMs: 200 },
  codex: { keys: ['C-c'], gapMs: 0 },
  gemini: { keys: ['C-c', 'C-c'], gapMs: 200 },
};

export function secondAskOf({ runtime, secondAsk }: AgentSpec): Ask | undefined {
  return secondAsk ?? (runtime === undefined ? undefined : secondAsks[runtime]);
}
