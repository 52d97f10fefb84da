import type { AgentId } from '../../domain/agent.ts';
import type { Verb } from '../../domain/operation.ts';
import type { Selection } from '../../domain/selection.ts';
import { parseDuration } from '../../language/duration.ts';
import { muteTime } from '../../language/mute.ts';
import type { Words } from '../../language/read-words.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import type { TerminalVerb } from '../../language/verbs.ts';

/** What a verb of the team is to do. */
export type Order =
  | { readonly kind: 'status'; readonly selection: Selection; readonly json: boolean }
  | OperationOrder
  | { readonly kind: 'logs'; readonly id: AgentId; readonly lines: number }
  | { readonly kind: 'why'; readonly id: AgentId }
  | HistoryOrder
  | { readonly kind: 'audit'; readonly sinceMs: number; readonly json: boolean }
  | { readonly kind: 'mute'; readonly selection: Selection; readonly forMs: number }
  | { readonly kind: 'unmute'; readonly selection: Selection };

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

/** Throws UsageError. */
export function readOrder(words: Words): Order {
  return readers[words.verb.name as TeamVerb](words);
}

const readers = {
  status: ({ rest, options }) => ({
    kind: 'status',
    selection: parseSelection(rest[0]),
    json: options.has('json'),
  }),
  up: (words) => operation(words, 'up', one(words)),
  down: (words) => operation(words, 'down', one(words)),
  restart: (words) => operation(words, 'restart', { kind: 'agent', id: agent(words) }),
  reload(words) {
    if (words.options.has('json') && !words.options.has('dry-run')) {
      throw new UsageError('reload has --json for its --dry-run only.');
    }
    return operation(words, 'reload', parseSelection(words.rest[0]));
  },
  drain(words) {
    const [, budget] = words.rest;
    const order = operation(words, 'drain', one(words));
    if (budget === undefined) return order;
    const budgetMs = parseDuration(budget);
    if (budgetMs === undefined || budgetMs > longestBudgetMs) {
      throw new UsageError(`The budget is ${budget}; it is written like 45s or 2m, from 0s to 600s.`);
    }
    return { ...order, budgetMs };
  },
  logs(words) {
    const [, lines = String(ordinaryLines)] = words.rest;
    const count = /^\d{1,4}$/.test(lines) ? Number(lines) : 0;
    if (count < 1 || count > mostLines) {
      throw new UsageError(`The number of lines is ${lines}; it is from 1 to ${mostLines}.`);
    }
    return { kind: 'logs', id: agent(words), lines: count };
  },
  why: (words) => ({ kind: 'why', id: agent(words) }),
  history({ rest, options }) {
    const about = parseSelection(rest[0]);
    if (about.kind === 'agent') {
      throw new UsageError(`History is of a project or of the whole team; for one agent: why ${about.id}`);
    }
    if (options.has('json') && options.has('markdown')) throw new UsageError('Either --json or --markdown.');
    const sinceMs = since(options);
    return {
      kind: 'history',
      ...(about.kind === 'project' && { project: about.project }),
      ...(sinceMs !== undefined && { sinceMs }),
      as: options.has('json') ? 'json' : options.has('markdown') ? 'markdown' : 'text',
    };
  },
  audit: ({ options }) => ({
    kind: 'audit',
    sinceMs: since(options) ?? auditDays * dayMs,
    json: options.has('json'),
  }),
  mute: ({ rest }) => ({
    kind: 'mute',
    selection: parseSelection(rest.at(-2)),
    forMs: muteTime(rest.at(-1)),
  }),
  unmute: ({ rest }) => ({ kind: 'unmute', selection: parseSelection(rest[0]) }),
} satisfies { readonly [Name in TerminalVerb]?: (words: Words) => Order };

/** The verbs that are about a team; each of the others is a program of its own. */
export type TeamVerb = keyof typeof readers;

function operation(
  { options }: Words,
  verb: 'up' | 'down' | 'restart' | 'reload' | 'drain',
  about: Selection,
) {
  return {
    kind: 'operate',
    verb,
    selection: about,
    force: options.has('force'),
    dryRun: options.has('dry-run'),
    json: options.has('json'),
    yes: options.has('yes'),
  } as const;
}

function since(options: Words['options']): number | undefined {
  const word = options.get('since')?.at(-1);
  if (word === undefined) return undefined;
  const ms = parseDuration(word);
  if (ms === undefined) throw new UsageError(`--since is ${word}; it is written like 30m, 2h or 7d.`);
  return ms;
}

function one({ verb, rest }: Words): Selection {
  if (rest.length === 0) throw new UsageError(`${verb.name} needs a name: one project or one agent.`);
  return parseSelection(rest[0]);
}

function agent({ verb, rest }: Words): AgentId {
  const about = parseSelection(rest[0]);
  if (about.kind === 'agent') return about.id;
  throw new UsageError(`${verb.name} is about one agent, written like shop:pay.`);
}
