import type { AgentId } from '../../domain/agent.ts';
import type { BudgetAdvice } from '../../domain/budget-advice.ts';
import { adviceWords } from '../../language/advice.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { historyCard } from '../cards/history.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { slackWording } from '../markup/slack-phrases.ts';
import type { RunCommand } from './command.ts';

const most = 30;

export const history: RunCommand = async ({ rest, reply }, { site, hostName }) => {
  const selection = parseSelection(rest[0]);
  if (selection.kind === 'agent') {
    throw new UsageError('Name one project, or nothing for the whole team.');
  }
  const which = { ...(selection.kind === 'project' && { project: selection.project }), most };
  const { operations, deaths, advice } = await site.history(which);
  await reply.whisper(
    historyCard({
      name: selection.kind === 'project' ? escaped(selection.project) : 'the whole team',
      operations,
      deaths,
      advice: advice.flatMap(adviceOn),
      hostName,
      now: new Date(),
    }),
  );
};

function adviceOn([id, advice]: readonly [AgentId, BudgetAdvice]): readonly string[] {
  const words = adviceWords(advice, slackWording(new Date()));
  return words === undefined ? [] : [`*${escaped(id)}*: ${words}`];
}
