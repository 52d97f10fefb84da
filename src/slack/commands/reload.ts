import { type Command, parseOptions, parseSelection } from '../command.ts';
import { UsageError } from '../explain.ts';

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
