import type { MessageButton } from '../render/buttons.ts';
import type { Ink } from '../render/ink.ts';
import type { Reader } from '../render/reader.ts';
import { renderConversation, renderMessage } from '../render/text.ts';
import type { Message } from '../server/message-store.ts';
import type { SlackStandIn } from '../slack-stand-in.ts';
import type { Person } from '../workspace.ts';

interface ScreenOptions {
  readonly slack: SlackStandIn;
  readonly ink: Ink;
  readonly columns: () => number;
  /** Changes within this time are shown as one. */
  readonly settleMs: number;
  /** Puts lines above the prompt. */
  readonly write: (lines: string) => void;
}

/** A button by its number, and the message it stands in. */
interface NumberedButton {
  readonly ts: string;
  readonly button: MessageButton;
}

/** Shows what one person sees as it comes: new messages whole, of edited ones what changed. */
export interface Screen {
  lookAs(person: Person): void;
  showThread(number: number): void;
  buttonNumbered(number: number): NumberedButton | undefined;
  /** Shows at once what would have been shown in a moment. */
  flush(): void;
  close(): void;
}

export function createScreen({ slack, ink, columns, settleMs, write }: ScreenOptions): Screen {
  const { workspace, events } = slack;
  const changed = new Map<string, Message>();
  /** What stands on the screen of each message that was shown. */
  const shown = new Map<string, string>();
  const messageNumbers = createNumbers();
  const buttonNumbers = createNumbers();
  const buttons = new Map<number, NumberedButton>();
  let person: Person = workspace.slackbot;
  let lastChannel = '';
  let timer: NodeJS.Timeout | undefined;

  const reader = (): Reader => ({
    workspace,
    ink,
    columns: columns(),
    timeZone: person.tz,
    viewer: person.id,
    labelOf: ({ ts }) => `#${messageNumbers.of(ts)}`,
    numberOf(message, button) {
      const number = buttonNumbers.of(`${message.ts} ${button.actionId} ${button.value ?? button.label}`);
      buttons.set(number, { ts: message.ts, button });
      return number;
    },
  });

  function note(message: Message): void {
    if (!canSee(person, message)) return;
    changed.set(message.ts, message);
    timer ??= setTimeout(flush, settleMs);
  }

  function forget(message: Message): void {
    changed.delete(message.ts);
    if (shown.delete(message.ts)) write(ink.dim(`message #${messageNumbers.of(message.ts)} was deleted`));
  }

  function canSee({ id }: Person, { onlyVisibleTo, channel }: Message): boolean {
    return (onlyVisibleTo ?? id) === id && workspace.channel(channel).members.has(id);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const lines = [...changed.values()].flatMap((message) => [...heading(message), show(message)]);
    changed.clear();
    if (lines.length > 0) write(lines.join('\n'));
  }

  function heading({ channel }: Message): string[] {
    if (channel === lastChannel) return [];
    lastChannel = channel;
    const { name, kind } = workspace.channel(channel);
    return [ink.dim(`── ${kind === 'direct' ? 'direct message' : `#${name}`} ──`)];
  }

  function show(message: Message): string {
    const before = shown.get(message.ts);
    const after = renderMessage(message, reader());
    shown.set(message.ts, after);
    return before === undefined ? after : difference(before, after);
  }

  events.on('message', note).on('ephemeral', note).on('edited', note).on('deleted', forget);

  return {
    lookAs(next) {
      flush();
      person = next;
    },
    showThread(number) {
      flush();
      const ts = messageNumbers.keyOf(number);
      const messages = ts === undefined ? [] : slack.thread(ts, person.name);
      write(
        messages.length > 0
          ? renderConversation(messages, reader())
          : `there is no message #${number} to see`,
      );
    },
    buttonNumbered: (number) => buttons.get(number),
    flush,
    close() {
      flush();
      events.off('message', note).off('ephemeral', note).off('edited', note).off('deleted', forget);
    },
  };
}

/** The headline and the lines that weren't there before; everything when little is left of what was there. */
function difference(before: string, after: string): string {
  const known = new Set(before.split('\n'));
  const [headline = '', ...lines] = after.split('\n');
  const fresh = lines.filter((line) => !known.has(line));
  return [headline, ...(fresh.length * 2 > lines.length ? lines : fresh)].join('\n');
}

interface Numbers {
  of(key: string): number;
  keyOf(number: number): string | undefined;
}

/** Counts up from 1; a key keeps its number. */
function createNumbers(): Numbers {
  const keys: string[] = [];
  return {
    of(key) {
      if (!keys.includes(key)) keys.push(key);
      return keys.indexOf(key) + 1;
    },
    keyOf: (number) => keys[number - 1],
  };
}
