import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../log/log.ts';
import { failureOf, refusedBlocks } from '../connection/failures.ts';
import { type MessageContent, smallPrint } from '../markup/blocks.ts';
import { lesserFormsOf } from './lesser-forms.ts';
import { type Messages, mayPass, type PostArguments } from './messages.ts';

export interface PostingOptions {
  readonly messages: Messages;
  readonly log: Log;
  /** Milliseconds between two posts to one channel. */
  readonly spacingMs: number;
  /** Milliseconds to wait after so many tries. */
  readonly retryMs: (tries: number) => number;
}

export interface Posted {
  readonly ts: string;
  /** It stood there before this process tried, with what was true then. */
  readonly isOld: boolean;
  /** It may stand there twice: the history could not be read. */
  readonly isRepeat: boolean;
}

export interface Posting {
  /** Throws Slack's error when it refuses the message. */
  post(wanted: PostArguments): Promise<Posted>;
  /** Resolves when everything asked for so far is posted, or cannot be. */
  settled(): Promise<void>;
}

/** Whether a post whose answer was lost arrived after all. */
type LookUp = { readonly ts: string } | 'absent' | 'unreadable';

export const mostTries = 10;

/** New messages: in order and spaced for each channel, and none twice if Slack's history can be read. */
export function createPosting({ messages, log, spacingMs, retryMs }: PostingOptions): Posting {
  const posting = new Map<string, Promise<unknown>>();

  /** Posts to one channel go out one after the other; other channels don't wait for them. */
  function post(wanted: PostArguments): Promise<Posted> {
    const before = posting.get(wanted.channel) ?? Promise.resolve();
    const posted = before.then(() => postOnce(wanted));
    const spaced = posted.then(
      () => delay(spacingMs),
      () => undefined,
    );
    posting.set(wanted.channel, spaced);
    void spaced.then(() => {
      if (posting.get(wanted.channel) === spaced) posting.delete(wanted.channel);
    });
    return posted;
  }

  async function postOnce(wanted: PostArguments): Promise<Posted> {
    let { content } = wanted;
    const lesser = lesserFormsOf(content);
    let isThere: LookUp = wanted.mayBeThere === true ? await lookUp(wanted) : 'absent';
    for (let tries = 1; ; tries++) {
      if (typeof isThere !== 'string') return { ...isThere, isOld: tries === 1, isRepeat: false };
      const isRepeat = isThere === 'unreadable';
      try {
        const sent = isRepeat ? mayRepeat(content, wanted.id) : content;
        const { ts } = await messages.post({ ...wanted, content: sent });
        return { ts, isOld: false, isRepeat };
      } catch (error) {
        const failure = failureOf(error);
        const less = lesser(failure);
        if (less !== undefined) {
          log.error('Slack refused the form of a message; the facts go out in a lesser one', {
            id: wanted.id,
            block: refusedBlocks(failure.words, content),
            error: failure.words,
          });
          content = less;
        } else if (!mayPass(failure) || tries >= mostTries) {
          throw error;
        } else {
          log.warn('a message is tried again', { id: wanted.id, tries, error: failure.words });
          await delay(failure.kind === 'rate-limited' ? failure.waitMs : retryMs(tries));
          if (failure.kind === 'uncertain' && !isRepeat) isThere = await lookUp(wanted);
        }
      }
    }
  }

  async function lookUp(wanted: PostArguments): Promise<LookUp> {
    for (let tries = 1; ; tries++) {
      try {
        const ts = await messages.find(wanted);
        return ts === undefined ? 'absent' : { ts };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'refused' || tries >= mostTries) {
          log.warn('the history cannot be read: a message may be repeated', {
            id: wanted.id,
            error: failure.words,
          });
          return 'unreadable';
        }
        await delay(failure.kind === 'rate-limited' ? failure.waitMs : retryMs(tries));
      }
    }
  }

  return {
    post,
    async settled() {
      await Promise.allSettled([...posting.values()]);
    },
  };
}

/** Says so to those who may read it a second time. */
export function mayRepeat({ text, blocks }: MessageContent, id: string): MessageContent {
  const words = `may repeat ${id}`;
  return { text: `${text} (${words})`, blocks: blocks.length === 0 ? [] : [...blocks, smallPrint(words)] };
}
