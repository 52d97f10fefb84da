import type { AgentSpec } from './agent-spec.ts';
import type { Runtime } from './team.ts';

/** Keys typed into the agent's terminal, one after the other. */
export interface Ask {
  /** As tmux names them. */
  readonly keys: readonly string[];
  readonly gapMs: number;
}

const gapMs = 200;
const namedKeys =
  /^(Enter|Escape|Tab|BTab|Space|BSpace|Up|Down|Left|Right|Home|End|PageUp|PageDown|F[1-9]|F1[0-2])$/;
/** `C-c`, `M-x`, one letter or digit, or a slash command; nothing that tmux would read as more than a word. */
const otherKeys = /^([CM]-[a-z]|[A-Za-z0-9]|\/[A-Za-z][A-Za-z0-9_-]*)$/;

export const askExpected =
  'keys as tmux names them (C-c, Escape, Enter) or commands (/quit), with spaces between them, or none';

/** `C-c C-c`, `/quit Enter`, `none`; undefined for anything else. */
export function parseAsk(text: string): Ask | undefined {
  const words = text.split(' ').filter((word) => word !== '');
  if (words.length === 1 && words[0] === 'none') return { keys: [], gapMs };
  const isKnown = (word: string) => namedKeys.test(word) || otherKeys.test(word);
  return words.length > 0 && words.every(isKnown) ? { keys: words, gapMs } : undefined;
}

/** The spec with the way its runtime's file wants it asked a second time, if that says so. */
export function withSecondAsk(spec: AgentSpec, runtimes: ReadonlyMap<string, Runtime>): AgentSpec {
  const secondAsk = runtimes.get(spec.runtime ?? '')?.drain?.secondAsk;
  return secondAsk === undefined ? spec : { ...spec, secondAsk };
}
