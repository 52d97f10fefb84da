import type { AgentId } from '../../domain/agent.ts';
import { UsageError } from '../../language/refusals.ts';
import { parseSelection } from '../../language/selection.ts';
import { whySentences } from '../../language/why.ts';
import { whyCard } from '../cards/why.ts';
import { slackWording } from '../markup/slack-phrases.ts';
import type { Reply } from '../outbox/reply.ts';
import type { Desk, RunCommand } from './command.ts';

export const why: RunCommand = async ({ rest, reply }, desk) => {
  const selection = parseSelection(rest[0]);
  if (selection.kind !== 'agent') throw new UsageError('Name one agent.');
  await showWhy(selection.id, reply, desk);
};

/** Why an agent runs or does not, for the person alone who asked. */
export async function showWhy(id: AgentId, reply: Reply, { site, hostName }: Desk): Promise<void> {
  const facts = await site.why(id);
  const sentences = whySentences(facts, slackWording(facts.asOf));
  await reply.whisper(whyCard({ id, sentences, hostName, asOf: facts.asOf }));
}
