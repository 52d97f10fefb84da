import { buttonsOf, type ConfirmDialog, type MessageButton } from '../render/buttons.ts';
import type { Message } from '../server/message-store.ts';
import type { ResponseTarget } from '../server/response-urls.ts';
import type { Slack } from '../server/slack-state.ts';
import { SlackError } from '../slack-error.ts';
import { respond } from '../web-api/responses.ts';
import type { Channel, Person } from '../workspace.ts';
import { blockActionsPayload, slashPayload } from './payloads.ts';
import { deliverableText } from './typed-text.ts';

/** What came of a command, as far as the person's own Slack knows. */
type SlashOutcome =
  | {
      readonly kind: 'acked';
      readonly afterMs: number;
      readonly payload: Readonly<Record<string, unknown>>;
      /** The message that the acknowledgement carried. */
      readonly message?: Message;
    }
  /** The person reads `/team failed with the error "operation_timeout"`. */
  | { readonly kind: 'failed'; readonly error: string };

type PressOutcome =
  | { readonly kind: 'acked'; readonly afterMs: number }
  /** The dialog was answered with no: the app hears nothing. */
  | { readonly kind: 'denied'; readonly dialog: ConfirmDialog }
  | { readonly kind: 'failed'; readonly error: string };

interface PressOptions {
  /** The answer to the button's dialog; needed if it has one. */
  readonly confirm?: 'accept' | 'deny';
}

/** Something a person can't do in their client: a mistake of whoever drives the stand-in. */
export class ImpossibleForAPerson extends Error {
  override readonly name = 'ImpossibleForAPerson';
}

export interface PersonSide {
  /**
   * Types a command, Slack's `/` included. Somebody of another workspace can do so here, with their own team's id in the
   * payload, though Slack wouldn't let them: the app has to refuse them by itself.
   */
  slash(person: string, channel: string, text: string): Promise<SlashOutcome>;
  /** `button`: its action id, value or label, or the button as it was seen. */
  press(
    person: string,
    message: string | Pick<Message, 'ts'>,
    button: string | Pick<MessageButton, 'actionId' | 'value'>,
    options?: PressOptions,
  ): Promise<PressOutcome>;
  /** Writes to the others, in a thread if its first message is named. Apps without a history scope don't hear of it. */
  say(person: string, channel: string, text: string, thread?: string): Message;
  /** Deletes a message, anybody's, as an admin may. */
  remove(message: Pick<Message, 'ts'>): void;
  archive(channel: string): void;
  /** Takes the app out of a channel. */
  removeApp(channel: string): void;
}

export function createPersonSide(slack: Slack): PersonSide {
  const { workspace, messages, socketMode } = slack;

  return {
    async slash(personName, channelName, text) {
      const person = workspace.person(personName);
      const channel = openTo(person, workspace.channel(channelName));
      const [name = '', rest = ''] = splitOnce(text.trim());
      const command = workspace.commands.find((known) => known.name === name);
      if (!command) return failed(`${name} is not a valid command`, 'unknown_command');

      const target: ResponseTarget = { channel: channel.id, person: person.id };
      const delivery = await socketMode.deliver(
        'slash_commands',
        slashPayload(slack, { person, channel, command, rest, target }),
      );
      if (delivery.kind === 'failed')
        return failed(`${name} failed with the error "${delivery.error}"`, delivery.error);

      const { payload, afterMs } = delivery;
      try {
        const message = showAnswer(person, channel, text, payload, target);
        return { kind: 'acked', afterMs, payload, ...(message ? { message } : {}) };
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        return failed(
          `${name} failed with the error "invalid_command_response" (${error.code})`,
          'invalid_command_response',
        );
      }

      function failed(words: string, error: string): SlashOutcome {
        messages.post({
          ...plain(words),
          channel: channel.id,
          author: workspace.slackbot.id,
          onlyVisibleTo: person.id,
        });
        return { kind: 'failed', error };
      }
    },

    async press(personName, which, wanted, { confirm } = {}) {
      const person = workspace.person(personName);
      const message = messageFor(person, which);
      const button = buttonIn(message, wanted);
      if (button.confirm && !confirm) {
        throw new ImpossibleForAPerson(
          `"${button.label}" asks first: "${button.confirm.text}"; say confirm: 'accept' or 'deny'`,
        );
      }
      if (button.confirm && confirm === 'deny') return { kind: 'denied', dialog: button.confirm };

      const delivery = await socketMode.deliver(
        'interactive',
        blockActionsPayload(slack, person, message, button),
      );
      return delivery.kind === 'acked' ? { kind: 'acked', afterMs: delivery.afterMs } : delivery;
    },

    say(personName, channelName, text, thread) {
      const person = workspace.person(personName);
      const channel = openTo(person, workspace.channel(channelName));
      const parent = thread === undefined ? undefined : messageFor(person, thread);
      return messages.post({
        ...plain(deliverableText(text, workspace, { shouldEscape: true })),
        channel: channel.id,
        author: person.id,
        ...(parent ? { threadTs: parent.threadTs ?? parent.ts } : {}),
      });
    },

    remove: ({ ts }) => messages.remove(found(ts)),

    archive(channel) {
      workspace.channel(channel).isArchived = true;
    },

    removeApp: (channel) => void workspace.channel(channel).members.delete(workspace.bot.id),
  };

  function found(ts: string): Message {
    const message = messages.all().find((candidate) => candidate.ts === ts);
    if (!message) throw new ImpossibleForAPerson(`there is no message ${ts}`);
    return message;
  }

  function openTo(person: Person, channel: Channel): Channel {
    if (channel.members.has(person.id)) return channel;
    throw new ImpossibleForAPerson(`${person.name} isn't in #${channel.name}`);
  }

  /** `in_channel` shows the typed command to everybody, and the answer if there is one. */
  function showAnswer(
    person: Person,
    channel: Channel,
    typed: string,
    payload: Record<string, unknown>,
    target: ResponseTarget,
  ): Message | undefined {
    if (payload.response_type === 'in_channel') {
      messages.post({ ...plain(typed), channel: channel.id, author: person.id });
    }
    const hasContent = ['text', 'blocks', 'attachments'].some(
      (part) => payload[part] && !isEmpty(payload[part]),
    );
    return hasContent ? respond(slack, target, payload) : undefined;
  }

  function messageFor(person: Person, which: string | Pick<Message, 'ts'>): Message {
    const ts = typeof which === 'string' ? which : which.ts;
    const message = found(ts);
    const channel = workspace.channel(message.channel);
    openTo(person, channel);
    if (message.onlyVisibleTo && message.onlyVisibleTo !== person.id) {
      throw new ImpossibleForAPerson(
        `${person.name} can't see message ${ts}: only ${workspace.person(message.onlyVisibleTo).name} can`,
      );
    }
    return message;
  }
}

function buttonIn(
  message: Message,
  wanted: string | Pick<MessageButton, 'actionId' | 'value'>,
): MessageButton {
  const buttons = buttonsOf(message);
  const [button, another] = buttons.filter(({ actionId, value, label }) =>
    typeof wanted === 'string'
      ? [actionId, value, label].includes(wanted)
      : actionId === wanted.actionId && value === wanted.value,
  );
  if (button && !another) return button;
  const name = typeof wanted === 'string' ? wanted : wanted.actionId;
  const has = buttons.map(({ label, actionId }) => `"${label}" (${actionId})`).join(', ') || 'none';
  const count = button ? 'more than one button' : 'no button';
  throw new ImpossibleForAPerson(`message ${message.ts} has ${count} "${name}"; its buttons: ${has}`);
}

function splitOnce(text: string): string[] {
  const [, first = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return [first, rest];
}

function isEmpty(part: unknown): boolean {
  return Array.isArray(part) && part.length === 0;
}

function plain(text: string): { text: string; blocks: []; attachments: [] } {
  return { text, blocks: [], attachments: [] };
}
