import type { AgentId } from '../../domain/agent.ts';
import type { Verb } from '../../domain/operation.ts';
import type { Selection } from '../../domain/selection.ts';
import { parseDuration } from '../../language/duration.ts';
import { likelyTypoOf } from '../../language/likely-typo.ts';
import { UsageError } from '../../language/refusals.ts';
import { type Option, type VerbInfo, type VerbName, verbs } from '../../language/verbs.ts';

/** What the host command is to do. */
export type Order =
  | { readonly kind: 'help'; readonly verb?: string }
  | { readonly kind: 'status'; readonly selection: Selection; readonly json: boolean }
  | OperationOrder
  | { readonly kind: 'logs'; readonly id: AgentId; readonly lines: number }
  | { readonly kind: 'why'; readonly id: AgentId }
  | HistoryOrder
  | { readonly kind: 'audit'; readonly sinceMs: number; readonly json: boolean };

export interface OperationOrder {
  readonly kind: 'operate';
  readonly verb: Verb;
  readonly selection: Selection;
  readonly budgetMs?: number;
  readonly force: boolean;
  readonly dryRun: boolean;
  /** Of a dry run. */
  readonly json: boolean;
  /** Agrees beforehand to what would be asked. */
  readonly yes: boolean;
}

export interface HistoryOrder {
  readonly kind: 'history';
  readonly project?: string;
  /** How far back, in milliseconds. */
  readonly sinceMs?: number;
  readonly as: 'text' | 'markdown' | 'json';
}

const ordinaryLines = 20;

const mostLines = 1000;

const longestBudgetMs = 600_000;

const auditDays = 7;

const dayMs = 86_400_000;

/** Reads what was typed after `npm run team --`. Throws UsageError. */
export function readOrder(words: readonly string[]): Order {
  const [first, ...rest] = words;
  if (first === undefined || ['--help', '-h'].includes(first)) return { kind: 'help' };
  const verb = verbs.find(({ name }) => name === first);
  if (verb === undefined) throw new UsageError(`There is no verb ${first}.${didYouMean(first, verbNames)}`);
  if (rest.includes('--help') || rest.includes('-h')) return { kind: 'help', verb: verb.name };
  return readers[verb.name](sorted(verb, rest));
}

const verbNames = verbs.map(({ name }) => name);

interface Words {
  readonly verb: VerbInfo;
  readonly flags: ReadonlySet<Option>;
  readonly since: number | undefined;
  readonly rest: readonly string[];
}

const readers: { readonly [Name in VerbName]: (words: Words) => Order } = {
  help({ verb, rest }) {
    atMost(1, rest, verb);
    const [about] = rest;
    if (about === undefined) return { kind: 'help' };
    if (verbs.some(({ name }) => name === about)) return { kind: 'help', verb: about };
    throw new UsageError(`There is no verb ${about}.${didYouMean(about, verbNames)}`);
  },
  status({ verb, rest, flags }) {
    atMost(1, rest, verb);
    return { kind: 'status', selection: selection(rest[0]), json: flags.has('json') };
  },
  up: (words) => operation(words, 'up', one(words)),
  down: (words) => operation(words, 'down', one(words)),
  restart: (words) => operation(words, 'restart', { kind: 'agent', id: agent(words) }),
  reload(words) {
    atMost(1, words.rest, words.verb);
    if (words.flags.has('json') && !words.flags.has('dry-run')) {
      throw new UsageError('reload has --json for its --dry-run only.');
    }
    return operation(words, 'reload', selection(words.rest[0]));
  },
  drain(words) {
    const [, budget] = words.rest;
    atMost(2, words.rest, words.verb);
    const order = operation(words, 'drain', one({ ...words, rest: words.rest.slice(0, 1) }));
    if (budget === undefined) return order;
    const budgetMs = parseDuration(budget);
    if (budgetMs === undefined || budgetMs > longestBudgetMs) {
      throw new UsageError(`The budget is ${budget}; it is written like 45s or 2m, from 0s to 600s.`);
    }
    return { ...order, budgetMs };
  },
  logs(words) {
    const [, lines = String(ordinaryLines)] = words.rest;
    atMost(2, words.rest, words.verb);
    const count = /^\d{1,4}$/.test(lines) ? Number(lines) : 0;
    if (count < 1 || count > mostLines) {
      throw new UsageError(`The number of lines is ${lines}; it is from 1 to ${mostLines}.`);
    }
    return { kind: 'logs', id: agent({ ...words, rest: words.rest.slice(0, 1) }), lines: count };
  },
  why: (words) => ({ kind: 'why', id: agent(words) }),
  history({ verb, rest, flags, since }) {
    atMost(1, rest, verb);
    const about = selection(rest[0]);
    if (about.kind === 'agent') {
      throw new UsageError(`History is of a project or of the whole team; for one agent: why ${about.id}`);
    }
    if (flags.has('json') && flags.has('markdown')) throw new UsageError('Either --json or --markdown.');
    return {
      kind: 'history',
      ...(about.kind === 'project' && { project: about.project }),
      ...(since !== undefined && { sinceMs: since }),
      as: flags.has('json') ? 'json' : flags.has('markdown') ? 'markdown' : 'text',
    };
  },
  audit({ verb, rest, flags, since }) {
    atMost(0, rest, verb);
    return { kind: 'audit', sinceMs: since ?? auditDays * dayMs, json: flags.has('json') };
  },
};

function operation({ flags }: Words, verb: 'up' | 'down' | 'restart' | 'reload' | 'drain', about: Selection) {
  return {
    kind: 'operate',
    verb,
    selection: about,
    force: flags.has('force'),
    dryRun: flags.has('dry-run'),
    json: flags.has('json'),
    yes: flags.has('yes'),
  } as const;
}

/** Options may stand anywhere; `--since 2h` and `--since=2h` are the same. */
function sorted(verb: VerbInfo, words: readonly string[]): Words {
  const flags = new Set<Option>();
  const rest: string[] = [];
  let since: number | undefined;
  const waiting = [...words];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (!word.startsWith('-')) {
      rest.push(word);
      continue;
    }
    const [name = '', value] = word.replace(/^--?/, '').split('=', 2);
    const option = verb.options.find((each) => each === name && word.startsWith('--'));
    if (option === undefined) throw new UsageError(unknownOption(verb, word, name));
    if (option === 'since') since = timeBack(value ?? waiting.shift());
    else if (value !== undefined) throw new UsageError(`--${name} takes no value.`);
    else flags.add(option);
  }
  return { verb, flags, since, rest };
}

function unknownOption({ name, options }: VerbInfo, word: string, typed: string): string {
  if (options.length === 0) return `${name} has no options, and ${word} is none.`;
  const all = `${name} has ${options.map((each) => `--${each}`).join(', ')}.`;
  const near = likelyTypoOf(typed, options);
  return `${name} has no option ${word}. ${near === undefined ? all : `Did you mean --${near}?`}`;
}

const units = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: dayMs } as const;

function timeBack(word: string | undefined): number {
  const [, number, unit] = /^(\d{1,5})(s|m|min|h|d)$/.exec(word ?? '') ?? [];
  if (number === undefined || unit === undefined) {
    throw new UsageError(`--since is ${word ?? 'missing'}; it is written like 30m, 2h or 7d.`);
  }
  return Number(number) * units[unit as keyof typeof units];
}

const part = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}';

const projectShape = new RegExp(`^${part}$`);

const agentShape = new RegExp(`^${part}:${part}$`);

function selection(word: string | undefined): Selection {
  if (word === undefined) return { kind: 'team' };
  if (agentShape.test(word)) return { kind: 'agent', id: word as AgentId };
  if (projectShape.test(word)) return { kind: 'project', project: word };
  throw new UsageError(`${word} is no name; a project is written like shop, an agent like shop:pay.`);
}

function one({ verb, rest }: Words): Selection {
  atMost(1, rest, verb);
  if (rest.length === 0) throw new UsageError(`${verb.name} needs a name: one project or one agent.`);
  return selection(rest[0]);
}

function agent({ verb, rest }: Words): AgentId {
  atMost(1, rest, verb);
  const about = selection(rest[0]);
  if (about.kind === 'agent') return about.id;
  throw new UsageError(`${verb.name} is about one agent, written like shop:pay.`);
}

function atMost(most: number, rest: readonly string[], { name, usage }: VerbInfo): void {
  const extra = rest[most];
  if (extra !== undefined)
    throw new UsageError(`${extra} is one word too many: ${`${name} ${usage}`.trim()}`);
}

function didYouMean(word: string, known: readonly string[]): string {
  const near = likelyTypoOf(word, known);
  return near === undefined ? ` There are ${known.join(', ')}.` : ` Did you mean ${near}?`;
}
