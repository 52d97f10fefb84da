import { usualBudgetMs } from '../operations/drain-budget.ts';
import { readRoster, selected } from '../operations/roster.ts';
import type { AgentId } from '../team/team.ts';
import { readWhy } from '../watch/read-why.ts';
import { whySentences } from '../watch/why.ts';
import { whyCard } from './cards/why.ts';
import type { Desk, Reply } from './command.ts';
import { slackWording } from './wording.ts';

/** Why an agent runs or does not, for the person alone who asked. */
export async function showWhy(id: AgentId, reply: Reply, desk: Desk): Promise<void> {
  const { host, operations: log, drainBudgets: budgets, crashLoops, mutes } = desk;
  const roster = await readRoster(host);
  const [target] = selected(roster, { kind: 'agent', id });
  const budgetMs = usualBudgetMs({ host, roster }, target ?? { id });
  const sources = { host, log, wanted: host.wanted, budgets, crashLoops, mutes };
  const facts = await readWhy(sources, id, budgetMs);
  const sentences = whySentences(facts, slackWording(facts.asOf));
  await reply.whisper(whyCard({ id, sentences, hostName: host.name, asOf: facts.asOf }));
}
