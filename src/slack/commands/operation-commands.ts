import { parseDuration } from '../../language/duration.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import type { RunCommand } from './command.ts';

export const down: RunCommand = async ({ asker, rest, text }, { requests }) => {
  if (rest.length === 0) throw new UsageError('Name one project or one agent.');
  const selection = parseSelection(rest[0]);
  await requests.request({ verb: 'down', selection, force: false, askedBy: asker.person, text }, asker);
};

/** The longest drain that a team's files may ask for, too. */
const longestMs = 600_000;

export const drain: RunCommand = async ({ asker, rest, text }, { requests }) => {
  const [target, budget] = rest;
  if (target === undefined) throw new UsageError('Name one project or one agent.');
  const budgetMs = budget === undefined ? undefined : parseDuration(budget);
  if (budget !== undefined && (budgetMs === undefined || budgetMs > longestMs)) {
    throw new UsageError('A budget is written like 45s or 2m, from 0s to 600s.');
  }
  await requests.request(
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
};

export const reload: RunCommand = async ({ asker, rest, options, text, reply }, { requests }) => {
  const selection = parseSelection(rest[0]);
  const request = {
    verb: 'reload',
    selection,
    force: options.has('force'),
    askedBy: asker.person,
    text,
  } as const;
  if (options.has('dry-run')) await requests.dryRun(request, reply);
  else await requests.request(request, asker);
};

export const restart: RunCommand = async ({ asker, rest, text }, { requests }) => {
  const selection = parseSelection(rest[0]);
  if (selection.kind !== 'agent') throw new UsageError('Name one agent.');
  await requests.request({ verb: 'restart', selection, force: false, askedBy: asker.person, text }, asker);
};

export const up: RunCommand = async ({ asker, rest, text }, { requests }) => {
  if (rest.length === 0) throw new UsageError('Name one project or one agent.');
  const selection = parseSelection(rest[0]);
  await requests.request({ verb: 'up', selection, force: false, askedBy: asker.person, text }, asker);
};
