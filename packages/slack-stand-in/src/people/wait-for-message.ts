import { plainReader, renderConversation } from '../render/text.ts';
import type { StandInEvents } from '../server/events.ts';
import type { Message } from '../server/message-store.ts';
import type { Slack } from '../server/slack-state.ts';

interface WaitOptions {
  readonly timeoutMs?: number;
}

export type WaitForMessage = (fits: (message: Message) => boolean, options?: WaitOptions) => Promise<Message>;

export type WaitForSockets = (fits: (open: number) => boolean, options?: WaitOptions) => Promise<number>;

interface Waiting {
  readonly waitForMessage: WaitForMessage;
  readonly waitForSockets: WaitForSockets;
}

const patienceMs = 5_000;

export function createWaiting(slack: Slack, events: StandInEvents): Waiting {
  function until<T>(
    names: readonly ('message' | 'ephemeral' | 'edited' | 'sockets')[],
    look: () => T | undefined,
    complaint: () => string,
    timeoutMs: number,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (end: () => void) => {
        clearTimeout(timer);
        for (const name of names) events.off(name, check);
        end();
      };
      const check = () => {
        try {
          const found = look();
          if (found !== undefined) finish(() => resolve(found));
        } catch (error) {
          finish(() => reject(error));
        }
      };
      const timer = setTimeout(() => finish(() => reject(new Error(complaint()))), timeoutMs);
      for (const name of names) events.on(name, check);
      check();
    });
  }

  return {
    waitForMessage: (fits, { timeoutMs = patienceMs } = {}) =>
      until(
        ['message', 'ephemeral', 'edited'],
        () => slack.messages.all().find(fits),
        () => `no such message within ${timeoutMs} ms. There was:\n${transcript(slack)}`,
        timeoutMs,
      ),
    waitForSockets: (fits, { timeoutMs = patienceMs } = {}) =>
      until(
        ['sockets'],
        () => [slack.socketMode.sockets.length].find(fits),
        () =>
          `the connections were not as wanted within ${timeoutMs} ms; there are ${slack.socketMode.sockets.length}`,
        timeoutMs,
      ),
  };
}

function transcript({ messages, workspace }: Slack): string {
  return renderConversation(messages.all(), plainReader(workspace)) || '(nothing)';
}
