import type { AgentId } from '../domain/agent.ts';
import type { OperationEvent } from '../domain/operation-event.ts';
import type { LoggedOperation } from '../domain/operation-record.ts';
import type { Wording } from './phrases.ts';

/** What an operation did about one agent: `drained in 2.3 s, then started`. */
export function outcomeOf(
  { operation, events, verdict }: LoggedOperation,
  id: AgentId,
  wording: Wording,
): string {
  const step = operation.plan.steps.find((step) => step.id === id);
  const own = events.filter((event) => event.id === id);
  const done = own.flatMap((event) => wordsOf(event, wording));
  if (done.length > 0) return done.join(', then ');
  if (verdict?.cancelled !== undefined) return `cancelled: ${wording.quoted(verdict.cancelled)}`;
  if (step?.action === 'leave' || step?.action === 'keep') {
    return step.action === 'keep' ? 'left as it was' : `left alone (${wording.quoted(step.why.join(', '))})`;
  }
  return verdict === undefined ? 'under way' : 'nothing was done about it';
}

/** The steps that are done; those that have only begun say nothing yet. */
function wordsOf(event: OperationEvent, { lasting, quoted }: Wording): readonly string[] {
  switch (event.kind) {
    case 'drained': {
      const { outcome, tookMs, budgetMs } = event.result;
      if (outcome === 'Graceful') return [`drained politely in ${lasting(tookMs)}`];
      return [`killed (TimedOutKilled: it did not stop within its ${lasting(budgetMs)} budget)`];
    }
    case 'killed':
      return [event.result.wasRunning ? 'killed, as was asked' : 'found not running any more'];
    case 'gone':
      return [`gone, and how is unknown: ${quoted(event.why)}`];
    case 'started':
      return ['started'];
    case 'forgotten':
      return ['removed from the team'];
    case 'left':
      return [`left alone: ${quoted(event.why)}`];
    case 'failed':
      return [`failed: ${quoted(event.error)}`];
    default:
      return [];
  }
}
