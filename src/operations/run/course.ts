import type { Operation } from '../../domain/operation.ts';
import type { OperationEvent } from '../../domain/operation-event.ts';
import type { Followed, Verdict } from '../../domain/operation-record.ts';

/** What is told of an operation by the process that has it, without what only the journal can add. */
export type CourseNews =
  | Exclude<Followed, { kind: 'over' | 'event' }>
  | { readonly kind: 'event'; readonly number: number; readonly event: OperationEvent }
  | { readonly kind: 'over'; readonly verdict: Verdict };

/** The course of one operation, for as many as want to follow it: each reads at its own pace, and nobody waits for any of them. */
export interface Course {
  readonly operation: Operation;
  /** All that has happened, oldest first. */
  readonly events: readonly OperationEvent[];
  add(event: OperationEvent): void;
  /** Says once that no more steps are begun. */
  pauses(): void;
  /** Nothing happens after this. Without a verdict: it is not over, and another process has it or takes it up. */
  end(verdict: Verdict | undefined): void;
  /** What is told after the first so many events, to the end. */
  from(after: number): AsyncIterable<CourseNews>;
}

/** `earlier`: what had happened when an earlier process ended. */
export function createCourse(operation: Operation, earlier: readonly OperationEvent[] = []): Course {
  const events = [...earlier];
  const bell = createBell();
  let pausing = false;
  let end: CourseNews | undefined;

  return {
    operation,
    events,
    add(event) {
      events.push(event);
      bell.ring();
    },
    pauses() {
      pausing = true;
      bell.ring();
    },
    end(verdict) {
      end = verdict === undefined ? { kind: 'paused' } : { kind: 'over', verdict };
      bell.ring();
    },
    async *from(after) {
      let told = after;
      let saidThatItPauses = false;
      for (;;) {
        const rung = bell.next();
        for (let event = events[told]; event !== undefined; event = events[told]) {
          told += 1;
          yield { kind: 'event', number: told, event };
        }
        if (pausing && !saidThatItPauses) {
          saidThatItPauses = true;
          yield { kind: 'pausing' };
        }
        if (end !== undefined && events.length <= told) {
          yield end;
          return;
        }
        await rung;
      }
    },
  };
}

/** Wakes everybody who waits. */
function createBell(): { ring(): void; next(): Promise<void> } {
  let waiting = Promise.withResolvers<void>();
  return {
    ring() {
      waiting.resolve();
      waiting = Promise.withResolvers();
    },
    next: () => waiting.promise,
  };
}
