import type { Operation } from '../../domain/operation.ts';
import type { TakenUp } from '../../domain/operation-record.ts';
import { advance, type Progress, progressBy } from '../../domain/progress.ts';
import { selectionName } from '../../language/selection.ts';
import { clean, sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { exitCodeOf, verdictLines } from './verdict-lines.ts';

/** Shows what goes on: a line for each event, then the verdict. The first Ctrl-C pauses it, the second leaves. */
export async function followOperation(
  { operation, events }: TakenUp,
  desk: Desk,
  onPause = () => {},
): Promise<ExitCode> {
  const { site, style } = desk;
  let progress = progressBy(operation.plan, events);
  const stopListening = desk.onInterrupt(pausesThenLeaves(desk, onPause));
  try {
    for await (const news of site.follow(operation.id, events.length)) {
      if (news.kind === 'event') {
        progress = advance(progress, news.event);
        const line = eventLine(news.event, operation, style);
        if (line !== undefined) desk.print([line]);
      } else if (news.kind === 'over' && news.verdict.cancelled !== undefined) {
        desk.print(sentence(`It is cancelled: ${clean(news.verdict.cancelled)}`, style));
        return exitCodes.failed;
      } else if (news.kind === 'over') {
        const over = { operation, progress, verdict: news.verdict };
        desk.print(verdictLines(over, style));
        return exitCodeOf(over);
      }
    }
  } finally {
    stopListening();
  }
  desk.print(sentence(pausedWords(operation, progress), style));
  return exitCodes.interrupted;
}

function pausesThenLeaves({ site, style, remark, leave }: Desk, onPause: () => void): () => void {
  let interrupts = 0;
  return () => {
    interrupts += 1;
    if (interrupts > 1) {
      remark(['Left in the middle. The next Muster goes on with it; agents keep their time.']);
      leave(exitCodes.interrupted);
    }
    void site.close();
    onPause();
    remark(sentence(pausing, style));
  };
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
