import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../log/log.ts';
import { type Failure, failureOf, refusedBlocks } from '../connection/failures.ts';
import type { MessageContent } from '../markup/blocks.ts';
import { lesserFormsOf } from './lesser-forms.ts';
import { type Messages, mayPass, type PostArguments } from './messages.ts';
import { createPosting, mayRepeat, mostTries } from './post-queue.ts';

/** A message of ours that can be edited in place. */
export interface LiveMessage {
  readonly channel: string;
  readonly ts: string;
  /** Replaces what is shown. Edits in between may be skipped; the latest lands, or the log says why it cannot. */
  edit(content: MessageContent): void;
  /** Resolves when the latest content is shown; or cannot be, with the reason. */
  settled(): Promise<Failure | undefined>;
}

export interface WriterOptions {
  readonly messages: Messages;
  readonly log: Log;
  /** Milliseconds between two edits of the whole app; Slack allows about 50 a minute. */
  readonly editSpacingMs?: number;
  /** Milliseconds between two posts to one channel; Slack allows about one a second. */
  readonly postSpacingMs?: number;
  /** Milliseconds to the second try after an uncertain answer; doubled for each further one up to 60 s. */
  readonly firstRetryMs?: number;
}

/** The one place from which messages go to Slack: in order, latest wins, at Slack's pace. */
export interface MessageWriter {
  /** Throws Slack's error when it refuses the message. */
  post(post: PostArguments): Promise<LiveMessage>;
  /** A message of ours that was posted earlier, such as the one whose button was pressed. */
  existing(channel: string, ts: string): LiveMessage;
  /** Resolves when everything asked for so far is shown, or cannot be. */
  flush(): Promise<void>;
}

interface Editable {
  readonly live: LiveMessage;
  /** What is to be shown and is not yet on its way. */
  wanted?: MessageContent | undefined;
  /** Set while anything is wanted or on its way. */
  settling?: PromiseWithResolvers<Failure | undefined> | undefined;
}

const longestRetryMs = 60_000;

export function createMessageWriter(options: WriterOptions): MessageWriter {
  const { messages, log, editSpacingMs = 1200, postSpacingMs = 1100, firstRetryMs = 500 } = options;
  const known = new Map<string, Editable>();
  const queue: Editable[] = [];
  /** Messages that may be there twice, and by which id one knows it. */
  const repeats = new Map<string, string>();
  let editing = false;

  const retryMs = (tries: number) => Math.min(firstRetryMs * 2 ** (tries - 1), longestRetryMs);
  const posting = createPosting({ messages, log, spacingMs: postSpacingMs, retryMs });

  function existing(channel: string, ts: string): LiveMessage {
    const key = `${channel} ${ts}`;
    const before = known.get(key);
    if (before !== undefined) return before.live;
    /** What came of the latest edit, also when nothing is known of the message any more. */
    let latest: Promise<Failure | undefined> | undefined;
    const live: LiveMessage = {
      channel,
      ts,
      edit(content) {
        const editable = known.get(key) ?? { live };
        known.set(key, editable);
        editable.wanted = content;
        if (editable.settling === undefined) {
          editable.settling = Promise.withResolvers();
          queue.push(editable);
        }
        latest = editable.settling.promise;
        if (!editing) void editAll();
      },
      settled: async () => await (known.get(key)?.settling?.promise ?? latest),
    };
    return live;
  }

  async function editAll(): Promise<void> {
    editing = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const failure = await showLatest(next);
      if (next.wanted === undefined) {
        known.delete(`${next.live.channel} ${next.live.ts}`);
        next.settling?.resolve(failure);
        next.settling = undefined;
      } else {
        queue.push(next);
      }
      await delay(editSpacingMs);
    }
    editing = false;
  }

  /** After a passing failure the newest content goes out, not the one that failed. Gives why it cannot be shown. */
  async function showLatest(editable: Editable): Promise<Failure | undefined> {
    const { channel, ts } = editable.live;
    if (editable.wanted === undefined) return;
    let showing = editable.wanted;
    let lesser = lesserFormsOf(showing);
    for (let tries = 1; ; tries++) {
      if (editable.wanted !== undefined) {
        showing = editable.wanted;
        lesser = lesserFormsOf(showing);
      }
      editable.wanted = undefined;
      const repeated = repeats.get(`${channel} ${ts}`);
      try {
        await messages.update(channel, ts, repeated === undefined ? showing : mayRepeat(showing, repeated));
        return undefined;
      } catch (error) {
        const failure = failureOf(error);
        const less = lesser(failure);
        if (less !== undefined) {
          log.error('Slack refused the form of an edit; the facts go out in a lesser one', {
            channel,
            ts,
            block: refusedBlocks(failure.words, showing),
            error: failure.words,
          });
          showing = less;
        } else if (!mayPass(failure) || tries >= mostTries) {
          log.error('an edit could not be made', { channel, ts, tries, error: failure.words });
          return failure;
        } else {
          log.warn('an edit is tried again', { channel, ts, tries, error: failure.words });
          await delay(failure.kind === 'rate-limited' ? failure.waitMs : retryMs(tries));
        }
      }
    }
  }

  async function post(wanted: PostArguments): Promise<LiveMessage> {
    const { channel, id, content } = wanted;
    const { ts, isOld, isRepeat } = await posting.post(wanted);
    if (isRepeat) repeats.set(`${channel} ${ts}`, id);
    const message = existing(channel, ts);
    if (isOld) message.edit(content);
    return message;
  }

  async function flush(): Promise<void> {
    await posting.settled();
    await Promise.all([...known.values()].map(({ live }) => live.settled()));
  }

  return { post, existing, flush };
}
