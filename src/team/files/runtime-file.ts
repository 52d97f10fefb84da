import type { Ask } from '../../domain/agent.ts';
import type { Runtime, RuntimeDrain } from '../team.ts';
import { quoted } from './complaint.ts';
import { mapOf, struct } from './yaml-maps.ts';
import { boolean, isNothing, listOf, optional, type Reader, text, u64, warn } from './yaml-reader.ts';

export const gapMs = 200;

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

/** Known without a file; `runtimes/<name>.yaml` overrides them. */
export const builtInRuntimes: readonly Runtime[] = [
  { name: 'claude-code', binary: 'claude' },
  { name: 'codex', binary: 'codex' },
  { name: 'gemini', binary: 'gemini' },
];

const drainFields = struct({ second_ask: optional(text), budget_secs: optional(u64) });

/** teamctl does not know this key, so nothing in it keeps a team from loading: what cannot be used is a warning. */
const drain: Reader<RuntimeDrain | undefined> = (at) => {
  if (isNothing(at.node)) return undefined;
  const reading = { ...at.reading, complaints: [] as typeof at.reading.complaints };
  const read = drainFields({ ...at, reading });
  for (const { path, line, column, found, expected } of reading.complaints) {
    const place = { ...at.place, path, line, column: column ?? 1 };
    warn(at.reading, place, found, expected);
  }
  if (typeof read === 'symbol') return undefined;
  const secondAsk = read.second_ask && parseAsk(read.second_ask.value);
  if (read.second_ask !== undefined && secondAsk === undefined) {
    const { value, place } = read.second_ask;
    warn(at.reading, place, `${quoted(value)}, and so ignored`, askExpected);
  }
  const budgetSecs = read.budget_secs?.value;
  if (budgetSecs !== undefined && budgetSecs > 600) {
    const place = read.budget_secs?.place ?? at.place;
    warn(at.reading, place, `${budgetSecs}, and so ignored`, 'between 0 and 600');
  }
  return {
    ...(secondAsk !== undefined && { secondAsk }),
    ...(budgetSecs !== undefined && budgetSecs <= 600 && { budgetMs: budgetSecs * 1000 }),
  };
};

/** `runtimes/<name>.yaml`, with the types teamctl gives every key of it, and our `drain`. */
export const readRuntimeFile = struct({
  binary: text,
  supports_mcp: optional(boolean),
  session_resume: optional(text),
  default_model: optional(text),
  env: mapOf(text),
  rate_limit_patterns: listOf(
    struct({ match: text, resets_at_capture: optional(text), resets_in_capture: optional(text) }),
  ),
  drain,
});
