import { usualBudgetMs } from '../../operations/drain-budget.ts';
import { type KnownAgent, type Roster, readRoster, selected } from '../../operations/roster.ts';
import { adviceWords } from '../../watch/advice-words.ts';
import { adviseBudget } from '../../watch/budget-advice.ts';
import { historyCard } from '../cards/history.ts';
import { type Command, type Desk, parseOptions, parseSelection } from '../command.ts';
import { drainsOf } from '../drains-of.ts';
import { UsageError } from '../explain.ts';
import { escaped } from '../outside-text.ts';
import { slackWording } from '../wording.ts';

const most = 30;

export const history: Command = {
  name: 'history',
  usage: '[project]',
  summary: 'recent operations with people and verdicts, and what happened unasked; shown to you alone',
  example: 'history shop',
  effect: 'reads',
  async run({ words, reply }, desk) {
    const { rest } = parseOptions(words, []);
    const selection = parseSelection(rest[0]);
    if (selection.kind === 'agent' || rest.length > 1) {
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
  },
};

function adviceOn(target: KnownAgent, roster: Roster, { host, operations }: Desk): readonly string[] {
  const advice = adviseBudget(drainsOf(operations, target.id), usualBudgetMs({ host, roster }, target));
  const words = adviceWords(advice, slackWording(new Date()));
  return words === undefined ? [] : [`*${escaped(target.id)}*: ${words}`];
}
