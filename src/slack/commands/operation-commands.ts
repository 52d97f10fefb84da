import { parseDuration } from '../../language/duration.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { type Command, parseOptions } from './command.ts';

export const down: Command = {
  name: 'down',
  usage: 'project[:agent]',
  summary: 'kills at once, without a drain; asks first',
  example: 'down shop',
  effect: 'destroys',
  async run({ asker, words, text }, { conductor }) {
    const { rest } = parseOptions(words, []);
    if (rest.length !== 1) throw new UsageError('Name one project or one agent.');
    const selection = parseSelection(rest[0]);
    await conductor.request({ verb: 'down', selection, force: false, askedBy: asker.person, text }, asker);
  },
};

/** The longest drain that a team's files may ask for, too. */
const longestMs = 600_000;

export const drain: Command = {
  name: 'drain',
  usage: 'project[:agent] [45s]',
  summary: 'asks agents to stop and waits; what does not stop in time is killed and flagged TimedOutKilled',
  example: 'drain shop:pay 45s',
  effect: 'changes',
  async run({ asker, words, text }, { conductor }) {
    const { rest } = parseOptions(words, []);
    const [target, budget, ...more] = rest;
    if (target === undefined || more.length > 0) throw new UsageError('Name one project or one agent.');
    const budgetMs = budget === undefined ? undefined : parseDuration(budget);
    if (budget !== undefined && (budgetMs === undefined || budgetMs > longestMs)) {
      throw new UsageError('A budget is written like `45s` or `2m`, from 0s to 600s.');
    }
    await conductor.request(
      {
        verb: 'drain',
        selection: parseSelection(target),
        ...(budgetMs === undefined ? {} : { budgetMs }),
        force: false,
        askedBy: asker.person,
        text,
      },
      asker,
    );
  },
};

export const reload: Command = {
  name: 'reload',
  usage: '[project] [--dry-run] [--force]',
  summary: 'drains and restarts what changed, starts what is dead; --dry-run only shows the plan',
  example: 'reload shop',
  effect: 'changes',
  async run({ asker, words, text, reply }, { conductor }) {
    const { options, rest } = parseOptions(words, ['dry-run', 'force']);
    if (rest.length > 1) throw new UsageError('Name one project, or nothing for the whole team.');
    const selection = parseSelection(rest[0]);
    const request = {
      verb: 'reload',
      selection,
      force: options.has('force'),
      askedBy: asker.person,
      text,
    } as const;
    if (options.has('dry-run')) await conductor.dryRun(request, reply);
    else await conductor.request(request, asker);
  },
};

export const restart: Command = {
  name: 'restart',
  usage: 'project:agent',
  summary: 'drains one agent and starts it again with the files as they are now, changed or not',
  example: 'restart shop:pay',
  effect: 'changes',
  async run({ asker, words, text }, { conductor }) {
    const { rest } = parseOptions(words, []);
    const selection = parseSelection(rest[0]);
    if (rest.length !== 1 || selection.kind !== 'agent') throw new UsageError('Name one agent.');
    await conductor.request({ verb: 'restart', selection, force: false, askedBy: asker.person, text }, asker);
  },
};

export const up: Command = {
  name: 'up',
  usage: 'project[:agent]',
  summary: 'starts what does not run, and sees that it stays up',
  example: 'up shop:pay',
  effect: 'changes',
  async run({ asker, words, text }, { conductor }) {
    const { rest } = parseOptions(words, []);
    if (rest.length !== 1) throw new UsageError('Name one project or one agent.');
    const selection = parseSelection(rest[0]);
    await conductor.request({ verb: 'up', selection, force: false, askedBy: asker.person, text }, asker);
  },
};
