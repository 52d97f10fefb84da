import type { Timers } from '../../timers.ts';

/** Messages that Slack posts by itself at a later time, unless they are taken back before. */
export interface ScheduledMessages {
  /** Resolves to the id. If it rejects, the message may be scheduled all the same. */
  schedule(message: { readonly postAt: Date; readonly silentSince: Date }): Promise<string>;
  /** Those of this switch that are still to come. */
  pending(): Promise<readonly { readonly id: string; readonly postAt: Date }[]>;
  /** Rejects if it is not known to be gone. One that is posted within a minute can't be taken back. */
  remove(id: string): Promise<void>;
}

export interface DeadManSwitchOptions {
  readonly messages: ScheduledMessages;
  readonly timers: Timers;
  /** Slack could not be asked; it is tried again. */
  readonly onError: (error: Error) => void;
}

/**
 * A message that says that Muster is silent, always due in some minutes and always pushed ahead: it appears only where nothing of
 * Muster is left to push it. Also if Muster lives and cannot reach Slack for over five minutes: then it is silent, too.
 */
export interface DeadManSwitch {
  start(): void;
  /** Takes it back: Muster stops because somebody wants it to. */
  stop(): Promise<void>;
}

/** From the last sign of life to the message. */
const aheadMs = 8 * 60_000;

const pushEveryMs = 60_000;

/** After a failure; at worst ten a time window in which Slack allows thirty. */
const retryMs = 30_000;

/** What an earlier process scheduled is good enough if it is due so late: a Muster that starts over and over schedules nothing new. */
const goodEnoughMs = 5 * 60_000;

export function createDeadManSwitch({ messages, timers, onError }: DeadManSwitchOptions): DeadManSwitch {
  let current: string | undefined;
  /** There may be others than the current one: some call had no answer, or an earlier process left them. */
  let mayHaveStrays = true;
  let cancel: (() => void) | undefined;
  let isStopped = false;
  let work: Promise<void> = Promise.resolve();

  return {
    start: () => next(0),
    async stop() {
      isStopped = true;
      cancel?.();
      await work;
      for (let tries = 0; tries < 3 && !(await attempt(removeOthers)); tries += 1);
    },
  };

  function next(ms: number): void {
    cancel = timers.after(ms, () => {
      work = attempt(push).then((isDone) => {
        if (!isStopped) next(isDone ? pushEveryMs : retryMs);
      });
    });
  }

  async function push(): Promise<void> {
    const isFirst = current === undefined;
    if (isFirst && (await adopt())) return removeOthers();
    const before = current;
    const silentSince = new Date(timers.now());
    const postAt = new Date(timers.now() + aheadMs);
    try {
      current = await messages.schedule({ postAt, silentSince });
    } catch (error) {
      mayHaveStrays = true;
      throw error;
    }
    if (mayHaveStrays) return removeOthers();
    if (before !== undefined) await remove(before);
  }

  /** Goes on with what an earlier process scheduled. */
  async function adopt(): Promise<boolean> {
    const pending = await messages.pending();
    const late = pending.filter(({ postAt }) => postAt.getTime() - timers.now() >= goodEnoughMs);
    const [latest] = late.sort((one, other) => other.postAt.getTime() - one.postAt.getTime());
    current = latest?.id;
    return latest !== undefined;
  }

  async function removeOthers(): Promise<void> {
    for (const { id } of await messages.pending()) {
      if (isStopped || id !== current) await remove(id);
    }
    mayHaveStrays = false;
  }

  async function remove(id: string): Promise<void> {
    try {
      await messages.remove(id);
    } catch (error) {
      mayHaveStrays = true;
      throw error;
    }
  }

  async function attempt(what: () => Promise<void>): Promise<boolean> {
    try {
      await what();
      return true;
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }
}
