import { type Command, parseOptions, parseSelection } from '../command.ts';
import { parseDuration } from '../duration.ts';
import { UsageError } from '../explain.ts';

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
