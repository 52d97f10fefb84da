import { parseArgs } from 'node:util';
import { likelyTypoOf } from './likely-typo.ts';
import { UsageError } from './refusals.ts';
import { type Front, optionsIn, type VerbInfo } from './verb.ts';
import { type OptionName, verbsIn } from './verbs.ts';

/** What was typed after a verb. */
export interface Words {
  readonly verb: VerbInfo;
  /** Each with its values, none where it takes none. */
  readonly options: ReadonlyMap<OptionName, readonly string[]>;
  readonly rest: readonly string[];
}

/** The verb of the terminal that goes by this name. Throws UsageError. */
export function verbNamed(name: string): VerbInfo {
  const known = verbsIn('terminal');
  const found = known.find((verb) => verb.name === name);
  if (found !== undefined) return found;
  const names = known.map((verb) => verb.name);
  const near = likelyTypoOf(name, names);
  const hint = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
  throw new UsageError(`There is no verb ${name}. ${hint}`);
}

/**
 * Sorts the words after a verb by the table: options may stand anywhere, and `--since 2h` is `--since=2h`. Throws UsageError for
 * an option that the verb does not have here, one with too much or too little, and for a word too many.
 */
export function readWords(verb: VerbInfo, words: readonly string[], front: Front): Words {
  const known = optionsIn(front, verb);
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      known.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options = new Map<OptionName, readonly string[]>();
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known.find(({ name }) => `--${name}` === token.rawName);
    if (option === undefined) throw new UsageError(unknownOption(verb, words[token.index] ?? '', front));
    const { name, value, many } = option;
    if (value === undefined && token.value !== undefined) throw new UsageError(`--${name} takes no value.`);
    if (value !== undefined && !token.value)
      throw new UsageError(`--${name} needs a value, written like ${value}.`);
    const before = (many && options.get(name as OptionName)) ?? [];
    options.set(name as OptionName, token.value === undefined ? [] : [...before, token.value]);
  }
  const extra = rest[verb.usage.split(' ').filter((word) => word !== '').length];
  if (extra !== undefined) throw new UsageError(`${extra} is one word too many.`);
  return { verb, options, rest };
}

function unknownOption(verb: VerbInfo, typed: string, front: Front): string {
  const names = optionsIn(front, verb).map(({ name }) => name);
  if (names.length === 0) return `${verb.name} has no options, and ${typed} is none.`;
  const near = likelyTypoOf(typed.replace(/^-+/, '').replace(/=.*$/s, ''), names);
  const hint =
    near === undefined
      ? `${verb.name} has ${names.map((name) => `--${name}`).join(', ')}.`
      : `Did you mean --${near}?`;
  return `${verb.name} has no option ${typed}. ${hint}`;
}
