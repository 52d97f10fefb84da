import { randomBytes } from 'node:crypto';
import { SlackError } from '../slack-error.ts';
import type { MessageContent, MessageStore } from './message-store.ts';

/** A message that Slack posts by itself, later. */
export interface ScheduledMessage {
  readonly id: string;
  readonly channel: string;
  /** In seconds since 1970. */
  readonly postAt: number;
  readonly createdAt: number;
  readonly content: MessageContent;
}

export interface ScheduledMessages {
  /** Refuses as Slack does what is due in the past, too late, or one too many in its five minutes. */
  schedule(channel: string, postAt: number, content: MessageContent): ScheduledMessage;
  /** Those still to come. */
  pending(channel?: string): readonly ScheduledMessage[];
  /** Refuses what is posted already, or is about to be. */
  remove(channel: string, id: string): void;
  /** Slack's clock goes ahead of everybody else's; what is due by then is posted. */
  passTime(ms: number): void;
  close(): void;
}

/** docs.slack.dev, chat.scheduleMessage: 120 days ahead, 30 messages in any 5 minutes of a channel. */
const farthestSeconds = 120 * 24 * 3600;

const windowSeconds = 300;

const mostInWindow = 30;

/** docs.slack.dev, chat.deleteScheduledMessage. */
const tooLateSeconds = 60;

/** `author`: who they are posted as. */
export function createScheduledMessages(messages: MessageStore, author: string): ScheduledMessages {
  let pending: readonly ScheduledMessage[] = [];
  let aheadMs = 0;
  const timers = new Set<NodeJS.Timeout>();
  const now = () => Math.floor((Date.now() + aheadMs) / 1000);

  function postDue(): void {
    const due = pending.filter(({ postAt }) => postAt <= now());
    pending = pending.filter((message) => !due.includes(message));
    for (const { channel, content } of due) messages.post({ ...content, channel, author });
  }

  function postInTime({ postAt }: ScheduledMessage): void {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        postDue();
      },
      (postAt - now()) * 1000,
    );
    timers.add(timer.unref());
  }

  return {
    schedule(channel, postAt, content) {
      if (postAt <= now()) throw new SlackError('time_in_past');
      if (postAt > now() + farthestSeconds) throw new SlackError('time_too_far');
      const near = pending.filter(
        (other) => other.channel === channel && Math.abs(other.postAt - postAt) < windowSeconds,
      );
      if (near.length >= mostInWindow) throw new SlackError('restricted_too_many');
      const id = `Q${randomBytes(5).toString('hex').toUpperCase()}`;
      const message = { id, channel, postAt, createdAt: now(), content };
      pending = [...pending, message];
      postInTime(message);
      return message;
    },
    pending: (channel) => pending.filter((message) => channel === undefined || message.channel === channel),
    remove(channel, id) {
      const found = pending.find((message) => message.id === id && message.channel === channel);
      if (found === undefined || found.postAt - now() < tooLateSeconds) {
        throw new SlackError('invalid_scheduled_message_id');
      }
      pending = pending.filter((message) => message !== found);
    },
    passTime(ms) {
      aheadMs += ms;
      postDue();
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
