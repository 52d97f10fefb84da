import { adviseBudget } from '../../domain/budget-advice.ts';
import { adviceWords } from '../../language/advice.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { type KnownAgent, type Roster, readRoster, selected } from '../../operations/plan/roster.ts';
import { usualBudgetMs } from '../../operations/plan/stops.ts';
import { drainsOf } from '../../site/read-why.ts';
import { historyCard } from '../cards/history.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { slackWording } from '../markup/slack-phrases.ts';
import type { Desk, RunCommand } from './command.ts';

const most = 30;

export const history: RunCommand = async ({ rest, reply }, desk) => {
  const selection = parseSelection(rest[0]);
  if (selection.kind === 'agent') {
    throw new UsageError('Name one project, or nothing for the whole team.');
  }
  const { host, operations, crashLoops } = desk;
  const roster = await readRoster(host);
  const targets = selected(roster, selection);
  const which = { ...(selection.kind === 'project' && { project: selection.project }), most };
  await reply.whisper(
    historyCard({
      name: selection.kind === 'project' ? escaped(selection.project) : 'the whole team',
      operations: operations.recent(which),
      deaths: crashLoops.deaths(which),
      advice: targets.flatMap((target) => adviceOn(target, roster, desk)),
      hostName: host.name,
      now: new Date(),
    }),
  );
};

function adviceOn(target: KnownAgent, roster: Roster, { host, operations }: Desk): readonly string[] {
  const advice = adviseBudget(drainsOf(operations, target.id), usualBudgetMs({ host, roster }, target));
  const words = adviceWords(advice, slackWording(new Date()));
  return words === undefined ? [] : [`*${escaped(target.id)}*: ${words}`];
}
