import type { OperationEvent } from './events.ts';
import type { LoggedOperation } from './logged-operations.ts';
import type { OperationLog } from './operation-log.ts';
import { type Progress, progressBy, type StepPhase } from './progress.ts';

/** What had not begun by then is not run late: the world that was asked about is another by now. In milliseconds. */
export const notLaterMs = 60_000;

/**
 * How far an operation of a process that died came, with what must not be done any more written down as left: what had not begun
 * and is too old, and whatever was to be started before the host was rebooted.
 */
export function takeUp(
  { operation, events, owner }: LoggedOperation,
  log: Pick<OperationLog, 'record'>,
  now: { readonly ms: number; readonly bootId: string },
): { readonly progress: Progress; readonly events: readonly OperationEvent[] } {
  const progress = progressBy(operation.plan, events);
  const tooOld = now.ms - operation.startedAt.getTime() > notLaterMs;
  const rebooted = owner.bootId !== now.bootId;
  const left = [...progress.values()].flatMap(({ step, phase }): OperationEvent[] => {
    const why = whyLeft(phase, { tooOld, rebooted });
    return why === undefined ? [] : [{ kind: 'left', id: step.id, at: new Date(now.ms), why }];
  });
  for (const event of left) log.record(operation, event);
  return { progress: progressBy(operation.plan, [...events, ...left]), events: left };
}

function whyLeft(
  phase: StepPhase,
  { tooOld, rebooted }: { readonly tooOld: boolean; readonly rebooted: boolean },
): string | undefined {
  switch (phase.kind) {
    case 'draining':
    case 'killing':
      if (phase.noted !== undefined) return undefined;
      return tooOld ? notBegun : undefined;
    case 'pending':
      return tooOld ? notBegun : undefined;
    case 'waiting-to-start':
    case 'starting':
      return rebooted ? startsNothing : undefined;
    default:
      return undefined;
  }
}

/** Of an operation from before the host was rebooted. */
export const startsNothing = 'the host was rebooted meanwhile, and nothing is started unasked';

const notBegun = 'nothing was done to it: Muster ended before its turn, and nothing is run late; ask again';
