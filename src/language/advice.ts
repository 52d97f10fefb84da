import type { BudgetAdvice } from '../domain/budget-advice.ts';
import type { Wording } from './phrases.ts';

/** What the agent's drains say of its budget, in a sentence; nothing where there is nothing to change. */
export function adviceWords(
  { drains, killed, graceful, longestInVainMs, proposal }: BudgetAdvice,
  { lasting }: Pick<Wording, 'lasting'>,
): string | undefined {
  if (proposal.kind === 'keep' || proposal.kind === 'too-few') return undefined;
  const share =
    killed === drains ? `each of its last ${drains} drains` : `${killed} of its last ${drains} drains`;
  const history = `It had to be killed (TimedOutKilled) in ${share}`;
  if (proposal.kind === 'never-polite' || graceful === undefined) {
    const vain = longestInVainMs === undefined ? '' : `, with up to ${lasting(longestInVainMs)} to stop`;
    return `${history}${vain}: more time may not help. See whether it obeys Ctrl-C at all.`;
  }
  const polite = `polite ones take up to ${lasting(graceful.longestMs)}`;
  const seconds = Math.round(proposal.budgetMs / 1000);
  return proposal.tried
    ? `${history}; ${polite}: set drain_timeout_secs: ${seconds}.`
    : `${history}, though ${polite}: try drain_timeout_secs: ${seconds}.`;
}
