import type { Operation } from '../../domain/operation.ts';
import { forcedKills, type Progress, progressAtStart } from '../../domain/progress.ts';
import { JournalError } from '../../journal/journal.ts';
import { selectionName } from '../../language/selection.ts';
import { conduct } from '../../operations/conduct.ts';
import type { Situation } from '../../operations/plan/plan-input.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import { sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { exitCodeOf, verdictLines } from './verdict-lines.ts';

export interface ToCarryOut {
  /** Is on record already. */
  readonly operation: Operation;
  readonly situation: Situation;
  /** How far an earlier process came with it. */
  readonly earlier?: Progress;
  /** Another one began it in Slack, and has to say there how it ended. */
  readonly isSlacks?: boolean;
}

/** Runs it in front of the person's eyes: a line for each event, then the verdict. The first Ctrl-C pauses it, the second leaves. */
export async function carryOut(
  { operation, situation, earlier, isSlacks = false }: ToCarryOut,
  desk: Desk,
): Promise<ExitCode> {
  const { operations } = desk.records;
  let progress = earlier ?? progressAtStart(operation.plan);
  let stopListening = () => {};
  let interrupts = 0;
  const over = await conduct({
    operation,
    situation,
    operations,
    ...(earlier && { earlier }),
    emit(event, now) {
      progress = now;
      const line = eventLine(event, operation, desk.style);
      if (line !== undefined) desk.print([line]);
    },
    began(run) {
      stopListening = desk.onInterrupt(() => {
        interrupts += 1;
        if (interrupts > 1) {
          desk.remark(['Left in the middle. The next Muster goes on with it; agents keep their time.']);
          desk.leave(exitCodes.interrupted);
        }
        run.pause();
        desk.remark(sentence(pausing, desk.style));
      });
    },
  }).finally(() => stopListening());
  if (over === undefined) {
    desk.print(sentence(pausedWords(operation, progress), desk.style));
    return exitCodes.interrupted;
  }
  desk.print(verdictLines(over, desk.style));
  // Of a forced kill the alert channel has to hear, from the bot.
  if (!isSlacks && forcedKills(over.progress).length === 0) noteTold(operation, operations);
  return exitCodeOf(over);
}

/** Where the journal cannot take it the bot finds nothing to tell, and notes that. */
function noteTold({ id }: Operation, operations: Pick<OperationLog, 'told'>): void {
  try {
    operations.told(id);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
  }
}

const pausing =
  'Pausing: nothing new begins, and what runs goes on to its end. Ctrl-C once more leaves at once; nothing is lost either way.';

function pausedWords({ id, request }: Operation, progress: Progress): string {
  const waiting = [...progress.values()]
    .filter(({ phase }) => phase.kind === 'pending' || phase.kind === 'waiting-to-start')
    .map(({ step }) => step.id);
  const name = selectionName(request.selection);
  return `Paused in the middle of ${id}: ${waiting.join(', ')} of ${name} wait. The next Muster, which is the bot or this command, goes on with it. What it finds not begun after a minute it leaves alone, and says so.`;
}
