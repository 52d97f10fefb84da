import type { Log } from '../../log/log.ts';

/** Tells what people must know until it stands: after a minute again, then after twice as long each time, up to a quarter of an hour, and never given up. */
export interface Retelling {
  /** Tries now, unless a try is under way or it is too early for the next. `tell` gives whether all of it stands. Never rejects. */
  tell(id: string, tell: () => Promise<boolean>): Promise<void>;
  /** This process has tried, and it does not stand yet. */
  owes(id: string): boolean;
}

export interface RetellingOptions {
  readonly log: Log;
  /** Milliseconds to the second try; 60 s unless told. */
  readonly firstGapMs?: number | undefined;
  /** Milliseconds, by a clock that nobody sets. */
  readonly now?: () => number;
}

const longestGapMs = 15 * 60_000;

export function createRetelling({
  log,
  firstGapMs = 60_000,
  now = () => performance.now(),
}: RetellingOptions): Retelling {
  const underWay = new Set<string>();
  const owed = new Map<string, { readonly gapMs: number; readonly dueAt: number }>();

  async function stands(id: string, tell: () => Promise<boolean>): Promise<boolean> {
    try {
      return await tell();
    } catch (error) {
      log.error('what people must know could not be told', { id, error: String(error) });
      return false;
    }
  }

  return {
    owes: (id) => owed.has(id),
    async tell(id, tell) {
      const before = owed.get(id);
      if (underWay.has(id) || (before !== undefined && before.dueAt > now())) return;
      underWay.add(id);
      const isTold = await stands(id, tell);
      underWay.delete(id);
      if (isTold) {
        owed.delete(id);
        return;
      }
      const gapMs = before === undefined ? firstGapMs : Math.min(before.gapMs * 2, longestGapMs);
      owed.set(id, { gapMs, dueAt: now() + gapMs });
      log.warn('what people must know is not told yet', { id, nextTryInMs: gapMs });
    },
  };
}
