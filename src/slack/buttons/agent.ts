import type { AgentId } from '../../domain/agent.ts';
import { newId } from '../../domain/operation.ts';
import { duration } from '../../language/duration.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { ordinaryLines, showLogs } from '../commands/logs.ts';
import { showWhy } from '../commands/why.ts';
import { sentenceCard } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import type { Action } from './button.ts';

/** The same as typing `/team logs`. */
export const agentLogs: Action = {
  id: 'agent_logs',
  effect: 'reveals',
  run: async ({ value, reply }, desk) => showLogs(agentNamed(value), ordinaryLines, reply, desk),
};

/** The same as typing `/team why`. */
export const agentWhy: Action = {
  id: 'agent_why',
  effect: 'reads',
  run: async ({ value, reply }, desk) => showWhy(agentNamed(value), reply, desk),
};

/** The same as typing `/team up`. */
export const agentStart: Action = {
  id: 'agent_start',
  effect: 'changes',
  async run({ asker, value }, { requests }) {
    const id = agentNamed(value);
    const request = {
      selection: { kind: 'agent', id },
      askedBy: asker.person,
      text: `[Start ${id}]`,
    } as const;
    await requests.request({ verb: 'up', force: false, ...request }, asker);
  },
};

/** The longest drain that a team's files may ask for, too. */
const longestMs = 600_000;

/** Gives an agent another budget from its next drain on, whatever the team's files say. */
export const agentBudget: Action = {
  id: 'agent_budget',
  effect: 'changes',
  async run({ asker, value }, { site, writer }) {
    const [name = '', written = ''] = value.split(' ');
    const id = agentNamed(name);
    const budgetMs = Number(written);
    if (!(budgetMs > 0 && budgetMs <= longestMs)) throw new UsageError('This button names no budget.');
    await site.giveBudget(id, budgetMs, asker.person);
    const words = `:stopwatch: *${escaped(id)}* gets ${duration(budgetMs)} to stop from its next drain on, by <@${asker.person}>. The team’s files stay as they are; \`/team drain ${escaped(id)} 20s\` still says otherwise for once.`;
    await writer.post({ channel: asker.channel, content: sentenceCard(words), id: newId('S') });
  },
};

function agentNamed(value: string): AgentId {
  const selection = parseSelection(value);
  if (selection.kind !== 'agent') throw new UsageError('This button names no agent.');
  return selection.id;
}
