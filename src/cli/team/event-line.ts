import { type Operation, receiptId } from '../../domain/operation.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import { duration } from '../../language/duration.ts';
import { clean, paint, type Style, timeOfDay } from '../terminal/style.ts';

/** One line for what has just happened; undefined: nobody needs to read of it. */
export function eventLine(event: OperationEvent, operation: Operation, style: Style): string | undefined {
  const words = eventWords(event, operation, style);
  if (words === undefined) return undefined;
  const widest = Math.max(...operation.plan.steps.map(({ id }) => id.length));
  const name = event.id.padEnd(Math.min(widest, 30));
  return `${paint(style, 'dim', timeOfDay(event.at))}  ${name}  ${words}`;
}

function eventWords(event: OperationEvent, operation: Operation, style: Style): string | undefined {
  switch (event.kind) {
    case 'draining':
      return `asked to stop, ${duration(event.budgetMs)} at most`;
    case 'extended':
      return `has ${duration(event.budgetMs)} now`;
    case 'forcing':
      return 'its time is over: killing';
    case 'drained': {
      const { outcome, tookMs } = event.result;
      if (outcome === 'Graceful') return `stopped (Graceful) after ${duration(tookMs)}`;
      const receipt = receiptId(operation, event.id);
      return paint(style, 'red', `TimedOutKilled after ${duration(tookMs)} (receipt ${receipt})`);
    }
    case 'killing':
      return 'killing, without a drain';
    case 'killed': {
      const { wasRunning, tookMs } = event.result;
      return wasRunning ? `killed after ${duration(tookMs)}` : 'was not running any more';
    }
    case 'gone':
      return paint(style, 'yellow', clean(event.why));
    case 'starting':
      return 'starting';
    case 'started':
      return paint(style, 'green', 'up');
    case 'forgotten':
      return 'removed from the team';
    case 'left':
      return paint(style, 'yellow', `left alone: ${clean(event.why)}`);
    case 'failed':
      return paint(style, 'red', `failed: ${clean(event.error, 300)}`);
    default:
      return undefined;
  }
}
